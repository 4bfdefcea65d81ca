/** The password hash alone, in a process of its own: verifies one so many times and tells how long each took. */
import { hash, verify } from '@node-rs/argon2';
import { type Spread, spreadOf } from './statistics.js';

export interface FromHash {
  readonly kind: 'verified';
  readonly ms: Spread;
}

/** Argon2id with 19 MiB, two passes, one lane, as the server has it. `2` is Argon2id in the library's const enum. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const WARM_UP = 10;

async function verifyOften(times: number): Promise<Spread> {
  const hashed = await hash('a password', ARGON2ID);
  const ms: number[] = [];
  for (let time = 0; time < WARM_UP + times; time += 1) {
    const startedAt = performance.now();
    if (!(await verify(hashed, 'a password'))) throw new Error('The hash is not that of the password.');
    ms.push(performance.now() - startedAt);
  }
  return spreadOf(ms.slice(WARM_UP));
}

process.once('message', ({ times }: { times: number }) => {
  verifyOften(times).then(
    (ms) => process.send?.({ kind: 'verified', ms } satisfies FromHash),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
