import { Username } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { usernamesFor } from './usernames.js';

describe('user names', () => {
  it.each([
    ['ada', 'ada-run'],
    ['[bex]', 'bex-run'],
    ['awa|phone', 'awa-phone-run'],
    ['`mOOse`', 'mOOse-run'],
    ['_-_-', 'someone-run'],
    ['erkan^', 'erkan-run'],
    ['for{}', 'for-run'],
    ['春香', '春香-run'],
    ['오븐_민준', '오븐_민준-run'],
    ['👻', 'someone-run'],
  ])('are made of what a nick has to give: %s', (nick, name) => {
    expect(usernamesFor([nick], 'run')).toEqual([name]);
    expect(Username.safeParse(name).success).toBe(true);
  });

  it('are cut, at whole characters, when a nick is too long', () => {
    const [name = ''] = usernamesFor(['𠮷'.repeat(60)], 'run');
    expect(name).toBe(`${'𠮷'.repeat(23)}-run`);
    expect(Username.safeParse(name).success).toBe(true);
  });

  it('differ, whatever the nicks have in common', () => {
    const nicks = [
      'ada',
      'ada',
      'ADA',
      'ada|',
      'straße',
      'STRASSE',
      'ada-run',
      'ada-2',
      ...Array(40).fill('x'.repeat(80)),
    ];
    const names = usernamesFor(nicks, 'run');
    expect(new Set(names.map((name) => name.toUpperCase())).size).toBe(nicks.length);
    expect(names.slice(0, 4)).toEqual(['ada-run', 'ada-run-2', 'ADA-run-3', 'ada-run-4']);
    expect(names.every((name) => Username.safeParse(name).success)).toBe(true);
  });
});
