import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, Errors } from '@parley/protocol';
import { AppError, describeCause, toAppError, toProblem } from '../app-error.js';
import { Log } from '../logging/log.js';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_body',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Errors of Nest and Fastify themselves (no such route, unreadable body …), by the status they carry. */
function fromFramework(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const status: unknown =
    error instanceof HttpException ? error.getStatus() : 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  // Whatever else they refuse (a file outside of the documentation, a range it does not have) is not our fault either.
  return new AppError(BY_STATUS[status] ?? 'not_found');
}

/** Answers every error as a problem document; only what is our own fault is logged with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = thrown instanceof AppError ? thrown : (fromFramework(thrown) ?? toAppError(thrown));
    if (error.code === 'internal' || error.code === 'unavailable') {
      this.log.error('request failed', {
        requestId: request.id,
        code: error.code,
        error: describeCause(error),
      });
    }
    if (reply.sent) return;
    if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
    else if (Errors[error.code].status === 503) reply.header('retry-after', 1);
    void reply
      .status(Errors[error.code].status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(toProblem(error, request.id)));
  }
}
