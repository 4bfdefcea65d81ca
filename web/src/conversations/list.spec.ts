import { expect, it } from 'vitest';
import { folded } from './list.js';

it.each([
  ['Đường Láng', 'duong lang'],
  ['Nguyễn Thị Ánh', 'nguyen thi anh'],
  ['ÉCOLE', 'ecole'],
  ['日本', '日本'],
])('%s is found as %s', (name, search) => {
  expect(folded(name)).toBe(search);
});
