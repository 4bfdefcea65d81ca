import { MENTIONS_PER_MESSAGE } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { mentionsIn, namesIn } from './mention.rules.js';

const MEMBERS = ['bob', 'anna.lee', 'dot.', 'josé', '张三', 'x_y-z', 'all'];
const userIdOf = (name: string) => (MEMBERS.includes(name.toLowerCase()) ? `id of ${name.toLowerCase()}` : undefined);
/** What a text mentions, as it stands in the text. */
const stretches = (text: string, mayMentionAll = true) =>
  mentionsIn(text, userIdOf, mayMentionAll).map(({ userId, offset, length }) => [
    text.slice(offset, offset + length),
    userId,
  ]);

describe('a mention', () => {
  it.each<[string, string[]]>([
    ['@bob', ['@bob']],
    ['hello @bob!', ['@bob']],
    ['(@bob), "@bob": @Bob', ['@bob', '@bob', '@Bob']],
    ['@bob@bob', []],
    ['@bob.', ['@bob']],
    ['@bob... and @bob-_', ['@bob', '@bob']],
    ['@dot. @dot', ['@dot.']],
    ['@anna.lee, @anna', ['@anna.lee']],
    ['`@bob` and\n@bob', ['@bob', '@bob']],
    ['@josé @张三', ['@josé', '@张三']],
    ['请看@张三', ['@张三']],
    ['👋@bob', ['@bob']],
    ['@x_y-z-', ['@x_y-z']],
    ['mail bob@bob or a.b+c@bob.example', []],
    ['@bob@example.com', []],
    ['ab@bob 1@bob _@bob', []],
    ['@ bob @@bob @', []],
    ['@nobody @bobby', []],
    [`@${'b'.repeat(60)}`, []],
    ['', []],
  ])('in %j is %j', (text, expected) => {
    expect(stretches(text).map(([stretch]) => stretch)).toEqual(expected);
  });

  it('counts in UTF-16, as JavaScript does', () => {
    expect(mentionsIn('👍👍 @bob', userIdOf, true)).toEqual([{ userId: 'id of bob', offset: 5, length: 4 }]);
  });

  it('of all means everyone where the writer may, and nobody where not', () => {
    expect(stretches('@all, @ALL.')).toEqual([
      ['@all', null],
      ['@ALL', null],
    ]);
    expect(stretches('@all @bob', false)).toEqual([['@bob', 'id of bob']]);
    expect(stretches('@everyone @allen @all-')).toEqual([['@all', null]]);
  });

  it('is one of so many at most', () => {
    expect(stretches('@bob '.repeat(500))).toHaveLength(MENTIONS_PER_MESSAGE);
  });

  it('is looked for quickly in texts made to be slow', () => {
    for (const text of ['@'.repeat(65_536), '@a'.repeat(32_768), `@a${'.'.repeat(65_000)}`, '@a. '.repeat(16_384)]) {
      const started = performance.now();
      mentionsIn(text, userIdOf, true);
      expect(namesIn(text).length).toBeLessThan(10_000);
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});
