import { expect, it } from 'vitest';
import { nameOf } from './naming.js';

it.each([
  ['Cà phê', 'group', 'Cà phê'],
  ['\u202Eab', 'group', 'ab'],
  [' \u3164', 'group', 'Group'],
  ['\u200b', 'channel', 'Channel'],
] as const)('a conversation named %j (%s) is called %s', (name, type, called) => {
  expect(nameOf({ type, name, peer: null })).toBe(called);
});
