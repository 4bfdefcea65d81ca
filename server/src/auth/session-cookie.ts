import { Inject, Injectable } from '@nestjs/common';
import type { TokenPair } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';

const NAME = 'parley_refresh';
/** Only where sessions begin, go on and end. */
const PATH = '/auth';
/** A page of another origin cannot send a header of its own unasked, so without it the cookie counts for nothing. */
const HEADER = 'x-parley-session';

/** A request and its answer. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Keeps the refresh token of a browser where no script can read it: in a cookie of its own, for clients that ask for it by
 * `X-Parley-Session: cookie`. All others get the token in the answer and know nothing of this.
 */
@Injectable()
export class SessionCookie {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Whether the client keeps its session in a cookie. */
  isWanted({ request }: Pick<Exchange, 'request'>): boolean {
    return request.headers[HEADER] === 'cookie';
  }

  /** The refresh token that came in the cookie, where the client says that it keeps it there. */
  read(exchange: Pick<Exchange, 'request'>): string | undefined {
    if (!this.isWanted(exchange)) return undefined;
    const cookies = (exchange.request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1) || undefined;
  }

  /** The answer with its refresh token where the client wants it. */
  carry<T extends TokenPair>(exchange: Exchange, answer: T): T {
    if (!this.isWanted(exchange)) return answer;
    this.#set(exchange, answer.refreshToken, this.config.REFRESH_TOKEN_TTL);
    return { ...answer, refreshToken: '' };
  }

  /** The session is over. */
  clear(exchange: Exchange): void {
    if (this.isWanted(exchange)) this.#set(exchange, '', 0);
  }

  #set({ request, reply }: Exchange, token: string, maxAge: number): void {
    const isSecure = request.protocol === 'https' || this.config.PUBLIC_URL?.startsWith('https:') === true;
    const flags = ['HttpOnly', 'SameSite=Strict', ...(isSecure ? ['Secure'] : [])];
    reply.header('set-cookie', [`${NAME}=${token}`, `Path=${PATH}`, `Max-Age=${maxAge}`, ...flags].join('; '));
  }
}
