import 'fake-indexeddb/auto';
import { vi } from 'vitest';

interface Lock {
  holder: { readonly lose: (reason: Error) => void } | undefined;
  readonly waiting: (() => void)[];
}

const locks = new Map<string, Lock>();

/** Web Locks as browsers have them, as far as a page asks for: one holder at a time, and `steal`. */
async function request(
  name: string,
  ...rest: [work: () => Promise<void>] | [options: { steal: boolean }, work: () => Promise<void>]
): Promise<void> {
  const [options, work] = rest.length === 2 ? rest : [{ steal: false }, rest[0]];
  const lock = locks.get(name) ?? { holder: undefined, waiting: [] };
  locks.set(name, lock);
  if (options.steal) lock.holder?.lose(new Error('The lock was stolen'));
  else while (lock.holder) await new Promise<void>((resolve) => lock.waiting.push(resolve));
  let holder: Lock['holder'];
  const lost = new Promise<never>((_, reject) => {
    lock.holder = holder = { lose: reject };
  });
  try {
    await Promise.race([lost, work()]);
  } finally {
    if (lock.holder === holder) {
      lock.holder = undefined;
      lock.waiting.shift()?.();
    }
  }
}

/** From now on this process is like a browser, in which each client is a tab. */
export const beLikeABrowser = (): void => void vi.stubGlobal('navigator', { locks: { request } });

/** Takes away what a tab holds that is closed: nobody is asked, and nothing is written any more. */
export const closeTab = (cache: string): Promise<void> => request(cache, { steal: true }, () => Promise.resolve());
