import type { Mention } from '@parley/protocol';
import { lengthOfAddress, type Target, targetOf } from './links.js';

/** A stretch of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly target: Target }
  | { readonly kind: 'mention'; readonly text: string; readonly userId: string | null }
  | { readonly kind: Style; readonly children: readonly Inline[] };
type Style = 'bold' | 'italic' | 'strike';

/** A part of a message that stands for itself. */
export type Block =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'text' | 'quote'; readonly children: readonly Inline[] };

const FENCE = '```';
const STYLES: Readonly<Record<string, Style>> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** Code, addresses, and marks of style; nothing in it looks far, so each character is seen a few times at most. */
const TOKEN = /`[^`]+`|(?<![a-z0-9])(?:https?:\/\/|www\.|mailto:)[^\s<>`]+|\*{1,2}|_{1,2}|~{1,2}/giu;
/** Accents may be characters of their own. */
const WORD = /[\p{L}\p{M}\p{N}]/u;

/**
 * What a text is made of: light Markdown as people know it from other messengers, addresses, and who is mentioned. Takes
 * time in proportion to its length, whatever it is.
 */
export function parse(text: string, mentioned: readonly Mention[] = []): Block[] {
  const mentions = inOrder(mentioned);
  const blocks: Block[] = [];
  for (let at = 0; at < text.length;) {
    const from = text.indexOf(FENCE, at);
    const to = from < 0 ? -1 : text.indexOf(FENCE, from + FENCE.length);
    const end = to < 0 ? text.length : from;
    blocks.push(...quotesAndText(text, { from: at, to: end }, mentions));
    if (to < 0) break;
    // A name of a language may stand on the line that opens the block.
    blocks.push({ kind: 'code', text: text.slice(from + FENCE.length, to).replace(/^(?:[\w+-]*\n)?|\n$/gu, '') });
    at = to + FENCE.length;
    if (text[at] === '\n') at += 1;
  }
  return blocks;
}

/** Mentions as they stand in the text; of two that overlap, the first. */
function inOrder(mentions: readonly Mention[]): Mention[] {
  let end = 0;
  return mentions
    .toSorted((a, b) => a.offset - b.offset)
    .filter(({ offset, length }) => {
      if (offset < end) return false;
      end = offset + length;
      return true;
    });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Lines that begin with "> " are quotes, and ">:(" is a face; those that stand together are one. */
function quotesAndText(text: string, { from, to }: Range, mentions: readonly Mention[]): Block[] {
  const blocks: { kind: 'text' | 'quote'; lines: Range[] }[] = [];
  for (let at = from; at < to;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 || newline >= to ? to : newline;
    const isQuote = text.startsWith('> ', at);
    const kind = isQuote ? 'quote' : 'text';
    const line = { from: isQuote ? at + 2 : at, to: end };
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
    at = end + 1;
  }
  return blocks.flatMap(({ kind, lines }): Block[] => {
    const children = lines.flatMap((line, index): Inline[] => [
      ...(index > 0 ? [{ kind: 'text' as const, text: '\n' }] : []),
      ...inlines(text.slice(line.from, line.to), mentionsIn(mentions, line)),
    ]);
    const isEmpty = children.every((child) => child.kind === 'text' && child.text.trim() === '');
    return isEmpty && blocks.length > 1 ? [] : [{ kind, children }];
  });
}

/** Those that lie in a line, counted from its beginning. */
const mentionsIn = (mentions: readonly Mention[], { from, to }: Range): Mention[] =>
  mentions
    .filter(({ offset, length }) => offset >= from && offset + length <= to)
    .map((mention) => ({ ...mention, offset: mention.offset - from }));

/** One line. Marks that are not closed, or stand inside of words, are what they are. */
function inlines(text: string, mentions: readonly Mention[]): Inline[] {
  const open: { mark: string; children: Inline[] }[] = [{ mark: '', children: [] }];
  const push = (inline: Inline) => {
    if ('text' in inline && inline.text === '') return;
    open.at(-1)?.children.push(inline);
  };
  const toText = (first: number, end: number) => push({ kind: 'text', text: text.slice(first, end) });

  let at = 0;
  for (const mention of [...mentions, null]) {
    const end = mention?.offset ?? text.length;
    for (TOKEN.lastIndex = at; ;) {
      const start = TOKEN.lastIndex;
      const found = TOKEN.exec(text);
      if (!found || found.index >= end || found.index < start) break;
      const [token] = found;
      if (found.index + token.length > end) break;
      toText(at, found.index);
      at = found.index + take(text, found.index, token, open, push);
      TOKEN.lastIndex = at;
    }
    toText(at, end);
    if (!mention) break;
    at = end + mention.length;
    push({ kind: 'mention', text: text.slice(end, at), userId: mention.userId });
  }
  while (open.length > 1) unfold(open);
  return open[0]?.children ?? [];
}

/** Takes a token into what is open; returns how many characters it was. */
function take(
  text: string,
  at: number,
  token: string,
  open: { mark: string; children: Inline[] }[],
  push: (inline: Inline) => void,
): number {
  const style = STYLES[token[0] ?? ''];
  if (token.startsWith('`')) {
    push({ kind: 'code', text: token.slice(1, -1) });
  } else if (!style) {
    const length = lengthOfAddress(token, open.map(({ mark }) => mark).join(''));
    const address = token.slice(0, length);
    const target = targetOf(address);
    push(target ? { kind: 'link', text: address, target } : { kind: 'text', text: address });
    return length;
  } else {
    const [before, after] = [text[at - 1] ?? ' ', text[at + token.length] ?? ' '];
    const place = open.findIndex(({ mark }) => mark === token);
    if (place > 0 && !/\s/u.test(before) && !WORD.test(after)) {
      // What was opened since then is not closed any more.
      while (open.length > place + 1) unfold(open);
      const { children = [] } = open.pop() ?? {};
      push({ kind: style, children });
    } else if (place < 0 && !WORD.test(before) && !/\s/u.test(after)) {
      open.push({ mark: token, children: [] });
    } else {
      push({ kind: 'text', text: token });
    }
  }
  return token.length;
}

/** Something that was opened and is never closed becomes the text it is. */
function unfold(open: { mark: string; children: Inline[] }[]): void {
  const { mark, children } = open.pop() ?? { mark: '', children: [] };
  open.at(-1)?.children.push({ kind: 'text', text: mark }, ...children);
}
