import { expect, it } from 'vitest';
import { ranked } from './ranked.js';

const names = ['Theme: Dark', 'Undark', 'Đặng Anh', 'dark room', 'Anh Đặng'];
const found = (search: string, limit = 9) =>
  ranked(
    names.map((label) => ({ label })),
    search,
    limit,
  ).map(({ label }) => label);

it('puts first what begins as typed, then words that do, then the rest', () => {
  expect(found('dark')).toEqual(['dark room', 'Theme: Dark', 'Undark']);
});

it('finds names without their accents', () => {
  expect(found('dang')).toEqual(['Đặng Anh', 'Anh Đặng']);
});

it('keeps the order, up to the limit, while nothing is typed', () => {
  expect(found('', 2)).toEqual(['Theme: Dark', 'Undark']);
});
