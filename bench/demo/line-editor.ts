/** A line being typed: pure, so that it can be tested without a terminal. */
import { graphemesOf } from './terminal-width.js';

export interface Draft {
  readonly text: string;
  /** Where the next character goes, in code units; never inside of what is seen as one character. */
  readonly cursor: number;
}

/** A key as `node:readline` tells it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

export const EMPTY: Draft = { text: '', cursor: 0 };

/** What a key makes of the line; keys that mean nothing here leave it as it is. */
export function edit(draft: Draft, key: Key): Draft {
  const { text, cursor } = draft;
  const [before, after] = [text.slice(0, cursor), text.slice(cursor)];
  switch (`${key.ctrl === true ? 'ctrl-' : ''}${key.name ?? ''}`) {
    case 'backspace':
      return { text: withoutLast(before) + after, cursor: withoutLast(before).length };
    case 'delete':
      return { text: before + withoutFirst(after), cursor };
    case 'left':
      return { text, cursor: withoutLast(before).length };
    case 'right':
      return { text, cursor: text.length - withoutFirst(after).length };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: text.length };
    case 'ctrl-u':
      return { text: after, cursor: 0 };
    case 'ctrl-k':
      return { text: before, cursor };
    case 'ctrl-w': {
      const kept = before.replace(/\S*\s*$/u, '');
      return { text: kept + after, cursor: kept.length };
    }
    default:
      return key.ctrl === true || key.meta === true ? draft : insert(draft, key.sequence ?? '');
  }
}

function insert({ text, cursor }: Draft, typed: string): Draft {
  // Escape sequences of keys that are not ours begin with a control character.
  if (/\p{Cc}/u.test(typed)) return { text, cursor };
  const joined = text.slice(0, cursor) + typed + text.slice(cursor);
  return { text: joined, cursor: cursor + typed.length };
}

function withoutLast(text: string): string {
  return text.slice(0, text.length - (graphemesOf(text).at(-1)?.length ?? 0));
}

function withoutFirst(text: string): string {
  return text.slice(graphemesOf(text)[0]?.length ?? 0);
}
