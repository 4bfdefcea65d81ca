import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.js';

const url = 'http://localhost:3000';

describe('the command line', () => {
  it.each([
    [[], { mode: 'replay', log: null, url, speed: null, inOrder: false, isOpen: false }],
    [['--open'], { mode: 'replay', log: null, url, speed: null, inOrder: false, isOpen: true }],
    [['chat.txt'], { mode: 'replay', log: 'chat.txt', url, speed: null, inOrder: false, isOpen: false }],
    [['--speed', '60', '--in-order'], { mode: 'replay', log: null, url, speed: 60, inOrder: true, isOpen: false }],
    [['--speed', '0.5', '--url', 'https://chat.example.org/'], { speed: 0.5, url: 'https://chat.example.org' }],
    [['--users', '2', '--interactive'], { mode: 'chat', url }],
    [['--interactive'], { mode: 'chat', url }],
    [['--help', 'whatever'], { mode: 'help' }],
  ])('means what it says: %j', (args, expected) => {
    expect(parseOptions(args)).toMatchObject(expected);
  });

  it.each([
    [['--speed', 'fast']],
    [['--speed', '0']],
    [['--speed', '-3']],
    [['--speed=']],
    [['--url', 'localhost:3000']],
    [['one.txt', 'two.txt']],
    [['--users', '2']],
    [['--users', '3', '--interactive']],
    [['chat.txt', '--interactive']],
    [['--sideways']],
  ])('is refused when it makes no sense: %j', (args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
