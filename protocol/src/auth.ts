import { z } from 'zod';
import { Id, line, text, Timestamp } from './scalars.js';
import { pageOf } from './pagination.js';
import { Password, Profile } from './users.js';

/** A user name or an e-mail address, and the password. */
export const Login = z
  .strictObject({
    login: text({ max: 254 }),
    password: text({ max: 1024 }),
    deviceName: line({ max: 100 }).optional(),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const RefreshToken = text({ max: 512 });
/** The token is left out by a browser that keeps it in a cookie. */
export const Refresh = z.strictObject({ refreshToken: RefreshToken.optional() }).meta({ id: 'Refresh' });
export type Refresh = z.infer<typeof Refresh>;

export const Forgot = z.strictObject({ email: text({ max: 254 }) }).meta({ id: 'Forgot' });
export type Forgot = z.infer<typeof Forgot>;

export const Reset = z.strictObject({ token: text({ max: 512 }), password: Password }).meta({ id: 'Reset' });
export type Reset = z.infer<typeof Reset>;

/**
 * `expiresIn` is the life of the access token in seconds; a refresh token is good for one use, and empty for a browser that
 * keeps it in a cookie.
 */
export const TokenPair = z
  .object({ accessToken: z.string(), refreshToken: z.string(), expiresIn: z.number().int() })
  .meta({ id: 'TokenPair' });
export type TokenPair = z.infer<typeof TokenPair>;

export const SignedIn = TokenPair.extend({ user: Profile }).meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof SignedIn>;

/** One signed-in device of the caller. */
export const Session = z
  .object({
    id: Id,
    deviceName: z.string().nullable(),
    address: z.string().nullable(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;
export const SessionPage = pageOf(Session).meta({ id: 'SessionPage' });
