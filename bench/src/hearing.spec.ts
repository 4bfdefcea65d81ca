import { describe, expect, it } from 'vitest';
import { Hearing } from './hearing.js';

const message = (key: string): string => `["new_message",{"seq":1,"clientMessageId":"${key}","content":"x"}]`;

function rig() {
  const done: number[] = [];
  const hearing = new Hearing(2, 'run-', (number) => done.push(number));
  return { hearing, done };
}

describe('what a group has heard', () => {
  it('is told once everybody has heard a message', () => {
    const { hearing, done } = rig();
    hearing.heard(0, message('run-0'));
    hearing.heard(0, message('run-1'));
    expect(done).toEqual([]);
    hearing.heard(1, message('run-0'));
    expect(done).toEqual([0]);
    expect(hearing.deliveries).toBe(3);
  });

  it('is whole only when nobody misses one', () => {
    const { hearing } = rig();
    hearing.heard(0, message('run-0'));
    expect(() => hearing.assertAllHeard(1)).toThrow('1 of 2 members');
    hearing.heard(1, message('run-0'));
    expect(() => hearing.assertAllHeard(1)).not.toThrow();
  });

  it.each([
    ['doubled', ['run-0', 'run-0']],
    ['out of order', ['run-1', 'run-0']],
    ['a ghost', ['other-0']],
  ])('must not be %s', (_, keys) => {
    const { hearing } = rig();
    expect(() => keys.forEach((key) => hearing.heard(0, message(key)))).toThrow('in place of');
  });

  it('leaves out what is no message', () => {
    const { hearing } = rig();
    hearing.heard(0, '["receipt",{}]');
    expect(hearing.deliveries).toBe(0);
  });
});
