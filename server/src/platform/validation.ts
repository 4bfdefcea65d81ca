import type { FieldError } from '@parley/protocol';
import type { z } from 'zod';
import { AppError } from './app-error.js';

/** The shape that Zod's issues and Nest's Standard Schema issues share. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: readonly string[];
}

/** The most faults one answer names; a hostile body cannot buy a larger answer. */
const MAX_FAULTS = 50;

function faultsOf(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  if (!issue.keys) return [{ path: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.').slice(0, 200), message: 'is not a known field' }));
}

/** The 400 that names each faulty path. */
export function validationError(issues: readonly Issue[]): AppError {
  return new AppError('validation_failed', {
    errors: issues.slice(0, MAX_FAULTS).flatMap(faultsOf).slice(0, MAX_FAULTS),
  });
}

/** Parses untrusted input or throws the 400. */
export function parse<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const result = schema.safeParse(input);
  if (!result.success) throw validationError(result.error.issues);
  return result.data;
}
