import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '../app-error.js';
import { newId } from '../ids.js';

const PROBLEM = 'application/problem+json; charset=utf-8';

/** Answers what the router cannot take for a path (a broken escape, a part that is too long): nothing is there. */
export function answerUnroutable(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(new AppError('not_found'), request.id);
  void reply
    .status(problem.status)
    .headers({ 'content-type': PROBLEM, 'x-request-id': request.id, 'cache-control': 'no-store' })
    .send(JSON.stringify(problem));
}

/** Answers what is no HTTP, or not in time, and hangs up; there is no request that could be answered in the usual way. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  // A client that is gone already hears nothing.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const problem = toProblem(new AppError('malformed_body'), newId());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
