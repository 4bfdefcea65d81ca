import { describe, expect, it } from 'vitest';
import { displayed, isJumbo } from './display.js';
import { lengthOfAddress, targetOf } from './links.js';
import { type Inline, parse } from './parse.js';
import { preview } from './preview.js';

/** Written as people would read it aloud: [bold:words]. */
const told = (inline: Inline): string => {
  if ('children' in inline) return `[${inline.kind}:${inline.children.map(told).join('')}]`;
  return inline.kind === 'text' ? inline.text : `[${inline.kind}:${inline.text}]`;
};
const read = (text: string, mentions: Parameters<typeof parse>[1] = []): string[] =>
  parse(text, mentions).map((block) =>
    block.kind === 'code'
      ? `{code:${block.text}}`
      : `${block.kind === 'quote' ? '> ' : ''}${block.children.map(told).join('')}`,
  );

describe('the text of a message', () => {
  it.each([
    ['a *bold* word', 'a [bold:bold] word'],
    ['a **bold** word', 'a [bold:bold] word'],
    ['_so_ and ~not so~', '[italic:so] and [strike:not so]'],
    ['*very _much_ so*', '[bold:very [italic:much] so]'],
    ['snake_case_name and 2*3*4', 'snake_case_name and 2*3*4'],
    ['*open for ever', '*open for ever'],
    ['*open _and closed_', '*open [italic:and closed]'],
    ['* a list', '* a list'],
    ['`*code*` is not bold', '[code:*code*] is not bold'],
    ['Tiếng Việt *đậm* 粗*体*字', 'Tiếng Việt [bold:đậm] 粗*体*字'],
    ['👨‍👩‍👧 *👍🏽*', '👨‍👩‍👧 [bold:👍🏽]'],
    ['see https://a.example/x_y_z?q=*1*.', 'see [link:https://a.example/x_y_z?q=*1*].'],
    ['(www.example.org)', '([link:www.example.org])'],
    ['https://en.example/wiki/A_(b)', '[link:https://en.example/wiki/A_(b)]'],
    ['javascript:alert(1) data:text/html,x', 'javascript:alert(1) data:text/html,x'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['mailto:a@example.org', '[link:mailto:a@example.org]'],
    ['**https://a.example** _www.a.example/b_', '[bold:[link:https://a.example]] [italic:[link:www.a.example/b]]'],
    ['Https://a.example and awww.cute', '[link:Https://a.example] and awww.cute'],
    ['看https://a.example/x。', '看[link:https://a.example/x]。'],
    ['Viê\u0323t*Nam*', 'Viê\u0323t*Nam*'],
    ['>_< and >:(', '>_< and >:('],
    ['www...', 'www...'],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it('has quotes and blocks of code', () => {
    expect(read('> so it was\n> said\nand I say')).toEqual(['> so it was\nsaid', 'and I say']);
    expect(read('look:\n```ts\nconst a = *1*;\n```\ndone')).toEqual(['look:', '{code:const a = *1*;}', 'done']);
    expect(read('```never closed')).toEqual(['```never closed']);
  });

  it('names who is mentioned, and takes no marks from names', () => {
    const text = 'hi @a_b_c and *@all*';
    const mentions = [
      { userId: 'u1', offset: 3, length: 6 },
      { userId: null, offset: 15, length: 4 },
    ];
    expect(read(text, mentions)).toEqual(['hi [mention:@a_b_c] and [bold:[mention:@all]]']);
  });

  it('takes mentions in any order, and shows no character twice', () => {
    const mention = (userId: string, offset: number) => ({ userId, offset, length: 2 });
    expect(read('hi @b @a', [mention('a', 6), mention('b', 3)])).toEqual(['hi [mention:@b] [mention:@a]']);
    expect(read('hi @b @a', [mention('a', 3), mention('b', 4)])).toEqual(['hi [mention:@b] @a']);
    expect(read('x\n> hi @b', [mention('b', 7)])).toEqual(['x', '> hi [mention:@b]']);
  });

  it('loses not a character', () => {
    const text = '*a _b ~c `d` https://e.example *f* g_ h~ **';
    const plain = (inline: Inline): string =>
      'children' in inline ? inline.children.map(plain).join('') : inline.text;
    const [block] = parse(text);
    const shown = block && 'children' in block ? block.children.map(plain).join('') : '';
    const letters = (value: string) => value.replace(/[*_~`]/g, '');
    expect(letters(shown)).toBe(letters(text));
  });

  it.each([
    '*',
    '_~*',
    '`',
    '```',
    'https://',
    '> ',
    '(((',
    '*a ',
    'www.a)))',
    ')',
    ').',
    '.',
    'a\n',
    '`\n',
    '> a\n',
    '@a ',
  ])('takes no long time for %j over and over', (part) => {
    const started = performance.now();
    parse(part.repeat(65_536 / part.length));
    // As one address, and as one that its last letter keeps whole.
    parse(`www.a${part.repeat(65_536 / part.length)}`);
    parse(`www.a${part.repeat(65_536 / part.length)}x`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('an address', () => {
  it('ends before the sentence does', () => {
    expect(lengthOfAddress('https://a.example/).')).toBe('https://a.example/'.length);
    expect(lengthOfAddress('https://a.example/(x)')).toBe('https://a.example/(x)'.length);
  });

  it('leads to the web or a mailbox, and nowhere else', () => {
    expect(targetOf('https://a.example')).toEqual({ href: 'https://a.example/' });
    expect(targetOf('www.a.example')).toEqual({ href: 'https://www.a.example/' });
    expect(targetOf('https://bank.example@evil.example')).toBeNull();
    expect(targetOf('https://:bank.example@evil.example')).toBeNull();
    expect(targetOf('WWW.a.example')).toEqual({ href: 'https://www.a.example/' });
    expect(targetOf('https://')).toBeNull();
  });

  it('is spelled out where it could pass for another', () => {
    expect(targetOf('https://аpple.com/')).toEqual({ href: 'https://xn--pple-43d.com/', host: 'xn--pple-43d.com' });
  });
});

describe('what is shown', () => {
  it('cannot reorder what stands around it', () => {
    expect(displayed('a\u202Egnp.exe\u2066x')).toBe('agnp.exex');
    expect(displayed('שלום مرحبا')).toBe('שלום مرحبا');
  });

  it('is large where it is a few emojis and nothing else', () => {
    expect(['😀', '👨‍👩‍👧🇻🇳 👍🏽'].map(isJumbo)).toEqual([true, true]);
    expect(['', '😀😀😀😀', 'a😀', '1', ' '].map(isJumbo)).toEqual([false, false, false, false, false]);
  });

  it('is one line in a preview', () => {
    expect(preview('😀'.repeat(200).padStart(401, 'a')).isWellFormed()).toBe(true);
    expect(preview('*Hello*\n\n> world `x`\u202E')).toBe('Hello world x');
  });
});
