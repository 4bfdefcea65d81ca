import { describe, expect, it } from 'vitest';
import type { Connection, Listener } from './connection.js';
import { Pair } from './pair.js';

/** Both ends of a pair without a server: the test says what comes. */
function rig() {
  const sent: number[] = [];
  const emit = (id: number): void => void sent.push(id);
  const sender = { listener: {} as Listener, emit };
  const receiver = { listener: {} as Listener, emit: () => undefined };
  const pair = new Pair({
    sender: sender as unknown as Connection,
    receiver: receiver as unknown as Connection,
    conversationId: 'c',
    name: 'run-0',
    pool: 'x'.repeat(1_000),
    size: 10,
  });
  const acknowledge = (number: number, ok = true): void => sender.listener.acknowledged?.(number, `[{"ok":${ok}}]`);
  const deliver = (key: string): void =>
    receiver.listener.event?.(`["new_message",{"seq":1,"clientMessageId":"${key}","content":"x"}]`);
  return { pair, sent, acknowledge, deliver };
}

const NONE = { lost: 0, doubled: 0, ghosts: 0, disordered: 0, unanswered: 0, refused: 0 };

/** Four messages, all acknowledged, of which these come. */
function faultsWhen(...delivered: string[]) {
  const { pair, acknowledge, deliver } = rig();
  pair.start(4);
  pair.stop();
  for (let number = 0; number < 4; number += 1) acknowledge(number);
  for (const key of delivered) deliver(key);
  return pair.faults();
}

describe('a pair', () => {
  it('keeps as many messages in flight as it was told, and stops', () => {
    const { pair, sent, acknowledge } = rig();
    pair.start(2);
    expect(sent).toEqual([0, 1]);
    acknowledge(0);
    expect(sent).toEqual([0, 1, 2]);
    pair.stop();
    acknowledge(1);
    expect(sent).toEqual([0, 1, 2]);
    expect(pair.isQuiet).toBe(false);
  });

  it('finds nothing wrong with messages that come once and in order', () => {
    expect(faultsWhen('run-0-0', 'run-0-1', 'run-0-2', 'run-0-3')).toEqual(NONE);
  });

  it.each([
    ['lost', ['run-0-0', 'run-0-1', 'run-0-3']],
    ['doubled', ['run-0-0', 'run-0-1', 'run-0-1', 'run-0-2', 'run-0-3']],
    ['disordered', ['run-0-0', 'run-0-2', 'run-0-1', 'run-0-3']],
    ['ghosts', ['run-0-0', 'run-0-1', 'run-0-2', 'run-0-3', 'run-0-4']],
    ['ghosts', ['run-0-0', 'run-0-1', 'run-0-2', 'run-0-3', 'other-0-1']],
  ])('notices messages that are %s', (fault, delivered) => {
    expect(faultsWhen(...delivered)).toEqual({ ...NONE, [fault]: 1 });
  });

  it('counts what was refused and what was never answered, and misses neither', () => {
    const { pair, acknowledge, deliver } = rig();
    pair.start(3);
    pair.stop();
    acknowledge(0);
    acknowledge(1, false);
    deliver('run-0-0');
    expect(pair.faults()).toEqual({ ...NONE, refused: 1, unanswered: 1 });
  });
});
