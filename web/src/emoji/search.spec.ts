import { Emoji as EmojiSchema } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { type Emoji, emojisOf, GROUPS, toned, TONES } from './emojis.js';
import { loadEmojis, loadIndex } from './load.js';
import { fold, indexOf, search } from './search.js';

const index = await loadIndex();
const emojis = await loadEmojis('en');
const byId = new Map(emojis.map((emoji) => [emoji.id, emoji]));
/** What is found, as it would be sent. */
const found = (query: string): string[] => search(index, query).flatMap((id) => byId.get(id)?.inTone.default ?? []);
const called = (label: string): Emoji | undefined => emojis.find((emoji) => emoji.label === label);

describe('searching emojis', () => {
  it.each([
    ['red heart', '❤️'],
    ['RED HEART', '❤️'],
    ['trái tim màu đỏ', '❤️'],
    ['trai tim mau do', '❤️'],
    ['赤いハート', '❤️'],
    ['빨간색 하트', '❤️'],
    ['红心', '❤️'],
    ['vay tay', '👋'],
    ['thumbs up', '👍'],
  ])('puts what is called "%s" first', (query, emoji) => {
    expect(found(query)[0]).toBe(emoji);
  });

  it.each([
    ['tim', '❤️'],
    ['mat cuoi', '😀'],
    ['bye', '👋'],
    ['サヨウナラ', '👋'],
    ['안녕', '👋'],
    ['你好', '👋'],
    ['heart red', '❤️'],
    ['viet nam', '🇻🇳'],
  ])('finds by "%s" too', (query, emoji) => {
    expect(found(query)).toContain(emoji);
  });

  it('prefers the same word to its beginning, and that to a part of it', () => {
    const named = (hexcode: string, label: string, ...tags: string[]) => ({ hexcode, unicode: hexcode, label, tags });
    const small = indexOf([
      [named('part', 'scat'), named('tag', 'lion', 'cat'), named('start', 'caterpillar'), named('word', 'big cat')],
      [named('same', 'Cát')],
    ]);
    expect(search(small, ' CAT ')).toEqual(['same', 'tag', 'start', 'word', 'part']);
  });

  it('puts what somebody likes before what answers as well, but not before what answers better', () => {
    const liked = (query: string, ...emojis: string[]) => {
      const ids = emojis.map((emoji) => [...byId.values()].find(({ inTone }) => inTone.default === emoji)?.id ?? '');
      return search(index, query, ids).flatMap((id) => byId.get(id)?.inTone.default ?? []);
    };
    expect(liked('heart', '🔥', '❤️', '💙').slice(0, 2)).toEqual(['❤️', '💙']);
    expect(liked('red heart', '💙', '🔥')[0]).toBe('❤️');
    expect(liked('heart', '🔥').toSorted()).toEqual(found('heart').toSorted());
  });

  it('finds nothing by nothing, or by what nothing is called', () => {
    expect([search(index, ' '), search(index, 'qqqqq')]).toEqual([[], []]);
  });

  it('takes letters for what people type in their place', () => {
    expect(fold('  Đèn  ĐỎ ')).toBe('den do');
    expect(fold('カバ')).toBe(fold('かば'));
    expect(fold('かば')).not.toBe(fold('かは'));
    expect(fold('ＡＢＣ')).toBe('abc');
  });
});

describe('the emojis', () => {
  it('are the same in every language, with no parts of emojis among them', async () => {
    const vietnamese = await loadEmojis('vi');
    expect(vietnamese.map(({ id }) => id)).toEqual(emojis.map(({ id }) => id));
    expect(emojis.length).toBeGreaterThan(1_800);
    expect(emojis.filter(({ inTone }) => /^\p{Regional_Indicator}$/u.test(inTone.default))).toEqual([]);
  });

  it('can all be sent as reactions, in every tone', () => {
    const sent = emojis.flatMap(({ inTone }) => Object.values(inTone));
    expect(sent.filter((emoji) => !EmojiSchema.safeParse(emoji).success)).toEqual([]);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('fill every group', () => {
    expect(new Set(emojis.map(({ group }) => group))).toEqual(new Set(GROUPS.map(({ key }) => key)));
  });

  it('have skin in the tone that is chosen, for everybody in them', () => {
    const [wave, hands, cat] = ['waving hand', 'people holding hands', 'cat'].map(called);
    expect(wave && toned(wave, 'dark')).toBe('👋🏿');
    expect(hands && toned(hands, 'light')).toBe('🧑🏻‍🤝‍🧑🏻');
    expect(cat && toned(cat, 'dark')).toBe('🐈');
    const skinned = emojis.filter(({ inTone }) => inTone.dark !== undefined);
    expect(skinned.length).toBeGreaterThan(300);
    expect(skinned.filter(({ inTone }) => Object.keys(inTone).length !== TONES.length)).toEqual([]);
  });

  it('come in order, whatever the order of the data', () => {
    const data = [
      { hexcode: 'b', unicode: 'b', label: 'b', group: 0, order: 2 },
      { hexcode: 'a', unicode: 'a', label: 'a', group: 0, order: 1 },
    ];
    expect(emojisOf(data).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
