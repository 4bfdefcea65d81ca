/** How long signing in takes, one person after the other, beside the password hash alone. */
import type { Login, SignedIn } from '@parley/protocol';
import { Child } from './child.js';
import type { FromHash } from './hash.js';
import { call, registerPeople } from './people.js';
import { publish } from './results.js';
import { round, type Spread, spreadOf } from './statistics.js';
import { withServer } from './with-server.js';

const PEOPLE = 20;

export async function signin({ times, seed }: { times: number; seed: number }): Promise<void> {
  await withServer(async (server, postgres) => {
    const people = await registerPeople(server.url, PEOPLE);
    const signIn = async (number: number): Promise<number> => {
      const person = people[number % people.length];
      if (!person) throw new Error('Nobody to sign in.');
      const login: Login = { login: person.username, password: person.password };
      const startedAt = performance.now();
      await call<SignedIn>(`${server.url}/auth/login`, null, login);
      return performance.now() - startedAt;
    };
    for (let number = 0; number < PEOPLE; number += 1) await signIn(number);
    const ms: number[] = [];
    for (let number = 0; number < times; number += 1) ms.push(await signIn(number));
    publishSignin({ times, seed }, postgres.version, spreadOf(ms), await hashAlone(times));
  });
}

async function hashAlone(times: number): Promise<Spread> {
  const child = new Child<FromHash>('./hash.js');
  try {
    child.send({ times });
    return (await child.next('verified')).ms;
  } finally {
    await child.end();
  }
}

function publishSignin(
  parameters: { times: number; seed: number },
  postgres: string,
  ours: Spread,
  hash: Spread,
): void {
  const ratio = round(ours.p95 / hash.p95, 2);
  const verdict =
    `Signing in takes ${ours.p50} ms (p95 ${ours.p95} ms), ${ratio} of the password hash alone with ${hash.p50} ms ` +
    `(p95 ${hash.p95} ms).`;
  const rowOf = (name: string, { p50, p95, p99, max }: Spread) => [name, p50, p95, p99, max];
  publish({
    scenario: 'signin',
    seed: parameters.seed,
    postgres,
    parameters,
    verdict,
    columns: ['', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'],
    rows: [rowOf('signing in', ours), rowOf('hash alone (argon2id, 19 MiB, t=2, p=1)', hash)],
    details: { ratio, ours, hash },
  });
  console.log(verdict);
}
