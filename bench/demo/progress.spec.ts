import { expect, it } from 'vitest';
import { Progress } from './progress.js';

function paper(terminal?: { isTTY: true; columns: number }) {
  const written: string[] = [];
  return { written, output: { ...terminal, write: (text: string) => written.push(text) } };
}

it('is a line for each tenth where nothing can be redrawn', () => {
  const { written, output } = paper();
  const progress = new Progress('sending', 200, output);
  for (let done = 1; done <= 200; done += 1) progress.update(done, `${done * 2} messages/s`);
  progress.clear();
  expect(written).toHaveLength(10);
  expect(written[0]).toBe('  sending   10 %  20/200  40 messages/s\n');
  expect(written.at(-1)).toBe('  sending  100 %  200/200  400 messages/s\n');
});

it('is one line on a terminal, redrawn now and then and at the end, never wider than it', () => {
  const { written, output } = paper({ isTTY: true, columns: 50 });
  let now = 0;
  const progress = new Progress('sending', 100, output, () => (now += 10));
  for (let done = 1; done <= 100; done += 1) progress.update(done, 'a detail that is too long');
  expect(written.length).toBeLessThan(40);
  expect(written.at(-1)).toBe('\r  sending  ████████████████████████  100 %  100/…\x1b[K');
  progress.clear();
  expect(written.at(-1)).toBe('\r\x1b[K');
});
