import type { HttpRequest } from '../http.js';

/** Sends a request as the person signed in and reads the answer. */
export type Call = <T>(request: Omit<HttpRequest, 'token'>) => Promise<T>;

/** Which page of a list. */
export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}
