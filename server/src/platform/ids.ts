import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Asking the system for random bytes costs more than making an id of them: they are fetched for many at once. */
const RANDOM_BYTES = 16;
const pool = new Uint8Array(RANDOM_BYTES * 1_024);
let used = pool.length;

/** A new id: UUID version 7, so that rows made together lie together in their index. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.slice(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return v7({ random });
}

/** A secret for a person to hold: 256 random bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored in place of such a secret. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
