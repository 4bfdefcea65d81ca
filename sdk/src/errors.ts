import { type Ack, type ErrorCode, Errors, type FieldError, type Problem } from '@parley/protocol';

/** Codes of the protocol's table, and the two that only a client can know. */
export type ClientErrorCode = ErrorCode | 'unreachable' | 'closed';

/**
 * What every failing call of the SDK rejects with.
 * @example
 * try { await parley.messages.send(chat, 'hi'); }
 * catch (error) { if (error instanceof ParleyError && error.code === 'not_found') … }
 */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** HTTP status, or null when the server could not be reached. */
  readonly status: number | null;
  readonly errors: readonly FieldError[];
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    details: { errors?: readonly FieldError[] | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // A newer server may know codes that this SDK does not.
    const known = code in Errors ? Errors[code as ErrorCode] : undefined;
    this.retryable = known?.retryable ?? code === 'unreachable';
    this.status = known?.status ?? null;
    this.errors = details.errors ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The error of a problem document; `retryAfter` is the header's value in seconds. */
export function fromProblem(problem: Partial<Problem>, status: number, retryAfter: string | null): ParleyError {
  const code = problem.code ?? (status >= 500 ? 'unavailable' : 'internal');
  return new ParleyError(code, problem.detail ?? `The server answered ${status}`, {
    errors: problem.errors,
    retryAfterMs: retryAfter === null ? undefined : Number(retryAfter) * 1_000,
  });
}

/** The error of a failed acknowledgement. */
export const fromAck = ({ error }: Extract<Ack<unknown>, { ok: false }>): ParleyError =>
  new ParleyError(error.code, error.message, { errors: error.errors, retryAfterMs: error.retryAfterMs });
