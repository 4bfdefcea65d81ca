import type { Problem } from '@parley/protocol';
import { fromProblem, ParleyError } from './errors.js';

/** One request: values of `query` that are undefined are left out. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly token?: string;
  /** Asks the server to keep the refresh token in a cookie, or to take it from there. */
  readonly isCookieSession?: boolean;
}

/** A request that takes longer than this is given up, in ms. */
const TIMEOUT = 15_000;

/** Sends one request and reads the answer; anything but a 2xx is a `ParleyError`. */
export async function request<T>(
  baseUrl: string,
  { method, path, query, body, token, isCookieSession }: HttpRequest,
): Promise<T> {
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, {
    method,
    // The answer brings the next cookie: it has to arrive although the page is left meanwhile.
    ...(isCookieSession && { keepalive: true }),
    signal: AbortSignal.timeout(TIMEOUT),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(isCookieSession && { 'x-parley-session': 'cookie' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new ParleyError('unreachable', 'The server could not be reached', { cause });
  });
  const text = await response.text().catch((cause: unknown) => {
    throw new ParleyError('unreachable', 'The answer did not arrive whole', { cause });
  });
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  throw fromProblem(readProblem(text), response.status, response.headers.get('retry-after'));
}

/** A proxy in between may answer with anything; then the status has to do. */
function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
}
