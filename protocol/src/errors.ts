import { z } from 'zod';
import { type ErrorCode, Errors } from './error-table.js';

/** Every code of the table, for schemas and documentation. */
export const ERROR_CODES = Object.keys(Errors) as [ErrorCode, ...ErrorCode[]];

/** One fault of a request: where (dotted path, empty for the whole) and what. */
export const FieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** The body of every error response (RFC 9457, `application/problem+json`). */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(ERROR_CODES),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** What a client event is answered with: the data, or an error of the table. */
export type Ack<T> =
  | { ok: true; data: T }
  | {
      ok: false;
      error: { code: ErrorCode; message: string; retryable: boolean; retryAfterMs?: number; errors?: FieldError[] };
    };
