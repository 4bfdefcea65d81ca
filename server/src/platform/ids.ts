import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A new id: UUID version 7, so that rows made together lie together in their index. */
export const newId = (): string => v7();

/** A secret for a person to hold: 256 random bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored in place of such a secret. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
