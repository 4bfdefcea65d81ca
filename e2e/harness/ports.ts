import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A port below those the system gives to outgoing connections, so that a killed server can start on it again. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 20_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
