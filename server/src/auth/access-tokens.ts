import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { CONFIG, type Config } from '../config.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import type { Viewer } from '../platform/viewer.js';

const ALGORITHM = 'HS256';
const ISSUER = 'parley';
const AUDIENCE = 'parley-client';
const Claims = z.object({ sub: z.guid(), sid: z.guid(), tid: z.guid() });

/** Signs and reads access tokens (JWT); what they say still has to be checked against the session. */
@Injectable()
export class AccessTokens {
  readonly #key: Uint8Array;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.#key = new TextEncoder().encode(config.JWT_SECRET);
  }

  sign(viewer: Viewer): Promise<string> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1_000);
    return new SignJWT({ sid: viewer.sessionId, tid: viewer.tenantId })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(viewer.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.config.ACCESS_TOKEN_TTL)
      .sign(this.#key);
  }

  /** Throws `token_expired` or `unauthenticated`. */
  async read(token: string): Promise<Viewer> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp'],
        currentDate: this.clock.now(),
      });
      const { sub, sid, tid } = Claims.parse(payload);
      return { tenantId: tid, userId: sub, sessionId: sid };
    } catch (error) {
      throw new AppError(error instanceof errors.JWTExpired ? 'token_expired' : 'unauthenticated');
    }
  }
}
