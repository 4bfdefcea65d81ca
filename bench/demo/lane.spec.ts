import { expect, it } from 'vitest';
import { Lane } from './lane.js';

function recorder() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (): Promise<void> => {
    log.push(`${name} begins`);
    return new Promise<void>((resolve) => ends.set(name, resolve)).then(() => void log.push(`${name} ends`));
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    ends.get(name)?.();
    await settle();
  };
  return { log, work, settle, end };
}

it('lets sends overlap and keeps their order', async () => {
  const { log, work, settle } = recorder();
  const lane = new Lane();
  for (const name of ['a', 'b', 'c']) void lane.overlapping(work(name));
  await settle();
  expect(log).toEqual(['a begins', 'b begins', 'c begins']);
});

it('waits with a change for what is open, and with what follows for the change', async () => {
  const { log, work, settle, end } = recorder();
  const lane = new Lane();
  void lane.overlapping(work('say'));
  void lane.alone(work('leave'));
  void lane.alone(work('join'));
  void lane.overlapping(work('say again'));
  await settle();
  expect(log).toEqual(['say begins']);
  await end('say');
  await end('leave');
  await end('join');
  expect(log).toEqual([
    'say begins',
    'say ends',
    'leave begins',
    'leave ends',
    'join begins',
    'join ends',
    'say again begins',
  ]);
});

it('goes on after a failure and hands it to the caller', async () => {
  const lane = new Lane();
  const fail = () => Promise.reject(new Error('no'));
  const failures = [lane.overlapping(fail), lane.alone(fail)].map((failed) => expect(failed).rejects.toThrow('no'));
  await expect(lane.alone(() => Promise.resolve('fine'))).resolves.toBe('fine');
  await Promise.all(failures);
});
