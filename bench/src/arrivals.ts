/** Milliseconds to the next arrival, where arrivals know nothing of one another (a Poisson process). */
function gapTo(perSecond: number, random: () => number): number {
  return (-Math.log(1 - random()) * 1_000) / perSecond;
}

/**
 * Calls `arrive` with the moment each arrival was meant for, until stopped. What is late comes late but is not left out,
 * and its lateness is told: a timer is never exact, and a busy process less so.
 */
export function keepArriving(
  { perSecond, random }: { perSecond: number; random: () => number },
  arrive: (meantAt: number) => void,
): { stop: () => void; lateMs: number[] } {
  const lateMs: number[] = [];
  let meantAt = performance.now() + gapTo(perSecond, random);
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(() => {
      for (let now = performance.now(); meantAt <= now; now = performance.now()) {
        lateMs.push(now - meantAt);
        arrive(meantAt);
        meantAt += gapTo(perSecond, random);
      }
      wait();
    }, meantAt - performance.now());
  };
  wait();
  return { stop: () => clearTimeout(timer), lateMs };
}
