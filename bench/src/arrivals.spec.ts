import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepArriving } from './arrivals.js';
import { seededRandom } from './random.js';

afterEach(() => vi.useRealTimers());

/** Arrivals at 100 a second, on a clock the test moves. */
function rig() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const meantAt: number[] = [];
  const { stop, lateMs } = keepArriving({ perSecond: 100, random: seededRandom(7) }, (at) => meantAt.push(at));
  return { meantAt, stop, lateMs };
}

describe('arrivals', () => {
  it('come as often as was asked, in order, and cease', () => {
    const { meantAt, stop } = rig();
    vi.advanceTimersByTime(20_000);
    expect(meantAt.length).toBeGreaterThan(1_850);
    expect(meantAt.length).toBeLessThan(2_150);
    expect(meantAt).toEqual([...meantAt].sort((a, b) => a - b));
    stop();
    const before = meantAt.length;
    vi.advanceTimersByTime(1_000);
    expect(meantAt).toHaveLength(before);
  });

  it('are meant for the same moments whether or not somebody stalls, and tell how late they are', () => {
    const calm = rig();
    vi.advanceTimersByTime(3_000);
    const expected = calm.meantAt.map((at) => at - (calm.meantAt[0] ?? 0));
    calm.stop();

    const stalled = rig();
    vi.advanceTimersByTime(1_000);
    const start = performance.now();
    vi.spyOn(performance, 'now').mockReturnValueOnce(start + 2_000);
    vi.advanceTimersByTime(2_000);
    const moments = stalled.meantAt.map((at) => at - (stalled.meantAt[0] ?? 0));
    const both = Math.min(moments.length, expected.length);
    expect(both).toBeGreaterThan(200);
    for (let at = 0; at < both; at += 1) expect(moments[at]).toBeCloseTo(expected[at] ?? 0, 6);
    expect(Math.max(...stalled.lateMs)).toBeGreaterThan(1_900);
    stalled.stop();
  });
});
