import { type Ack, type ErrorCode, Errors, type FieldError, type Problem } from '@parley/protocol';

/** The one error services throw: a code of the protocol's table, and what a caller may know about it. */
export class AppError extends Error {
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    options: { detail?: string; errors?: readonly FieldError[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(options.detail ?? Errors[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.errors = options.errors;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A 400 about one field. */
export const invalid = (path: string, message: string): AppError =>
  new AppError('validation_failed', { errors: [{ path, message }] });

/** The problem document of an error (RFC 9457). */
export function toProblem(error: AppError, requestId: string): Problem {
  const { status, title } = Errors[error.code];
  return {
    type: `urn:parley:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.errors && { errors: [...error.errors] }),
  };
}

/** The failed acknowledgement of an error. */
export function toFailedAck(error: AppError): Ack<never> {
  return {
    ok: false,
    error: {
      code: error.code,
      message: error.message,
      retryable: Errors[error.code].retryable,
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      ...(error.errors && { errors: [...error.errors] }),
    },
  };
}

const UNAVAILABLE_SQLSTATE = /^(08|53|57P0|25006|40001|40P01|55P03|57014)/;
const UNAVAILABLE_SYSCALL = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']);
const UNAVAILABLE_MESSAGE =
  /Connection terminated|timeout exceeded|Query read timeout|Client has encountered a connection error|is not queryable/;

/** Whether an error of the database driver means "away or too slow now" rather than "wrong". */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return UNAVAILABLE_SQLSTATE.test(code) || UNAVAILABLE_SYSCALL.has(code) || UNAVAILABLE_MESSAGE.test(error.message);
}

/** Turns anything thrown into an `AppError`; what is not understood becomes `internal` and keeps its cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(isDatabaseAway(error) ? 'unavailable' : 'internal', { cause: error });
}

/** What the log says of an error's cause: a stack for our own faults, a line for a dependency that is away. */
export function describeCause({ code, cause, message }: AppError): string {
  if (cause === undefined) return message;
  if (!(cause instanceof Error)) return JSON.stringify(cause);
  return code === 'internal' ? (cause.stack ?? cause.message) : cause.message;
}
