import { expect, it } from 'vitest';
import { parseIrcLog } from './irc-log.js';
import { timesOf } from './pacing.js';

const at = (...clock: string[]): number[] =>
  timesOf(parseIrcLog(clock.map((time) => (time === '' ? '=== ada waves' : `[${time}] <ada> hi`)).join('\n'))).map(
    (ms) => ms / 1_000,
  );

it('spreads the lines of one minute evenly', () => {
  expect(at('10:59', '10:59', '10:59', '11:00', '11:02')).toEqual([0, 20, 40, 60, 180]);
});

it('counts lines without a time to the minute before', () => {
  expect(at('', '10:59', '', '', '11:00')).toEqual([0, 15, 30, 45, 60]);
});

it('passes midnight', () => {
  expect(at('23:58', '23:59', '00:00', '00:01')).toEqual([0, 60, 120, 180]);
  expect(at('22:00', '03:00', '22:00', '03:00').map((second) => second / 3_600)).toEqual([0, 5, 24, 29]);
});

it('takes a clock that never shows an hour past eleven for one of twelve hours', () => {
  expect(at('10:59', '11:59', '00:01', '01:08').map((second) => second / 60)).toEqual([0, 60, 62, 129]);
});

it('stands still while a clock that was set back catches up', () => {
  expect(at('10:59', '11:05', '11:04', '11:06')).toEqual([0, 360, 390, 420]);
});

it('has nothing to say of a log without times', () => {
  expect(at('', '')).toEqual([0, 30]);
  expect(at()).toEqual([]);
});
