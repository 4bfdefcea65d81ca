import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { dictionary } from '@zxcvbn-ts/language-common';
import { AppError, invalid } from '../platform/app-error.js';
import { caseFold } from '../platform/case-folding.js';
import { newSecret } from '../platform/ids.js';

/** Argon2id as OWASP recommends it: 19 MiB, two passes, one lane. `2` is Argon2id in the library's const enum. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LONGEST = 128;
/** Hashing occupies a core for some 20 ms: with this many waiting, an answer would come too late to be of use. */
const MOST_AT_ONCE = 100;

/** Hashes and checks passwords, a bounded number at a time. */
@Injectable()
export class Passwords {
  readonly #common = new Set(dictionary['passwords-common'].map(String));
  /** Stands in for the hash of an account that does not exist, so that the answer takes as long. */
  readonly #decoy = hash(newSecret(), ARGON2ID);
  #running = 0;

  /** Refuses what is on every attacker's list, and the person's own names. */
  requireUncommon(path: string, password: string, own: readonly string[]): void {
    const folded = caseFold(password);
    if (this.#common.has(folded)) throw invalid(path, 'is one of the most common passwords');
    if (own.some((name) => caseFold(name) === folded)) throw invalid(path, 'must not be your own name or address');
  }

  hash(password: string): Promise<string> {
    return this.#bounded(() => hash(password, ARGON2ID));
  }

  /** Whether the password belongs to the hash; takes the same time when there is no hash. */
  async matches(stored: string | null | undefined, password: string): Promise<boolean> {
    // Over-long input cannot be right, and must not be cheaper or dearer to refuse than a wrong one.
    const candidate = password.length <= LONGEST ? password : '';
    const decoy = await this.#decoy;
    const isMatch = await this.#bounded(() => verify(stored ?? decoy, candidate));
    return isMatch && Boolean(stored);
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) throw new AppError('overloaded');
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}
