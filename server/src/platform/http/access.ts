import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../app-error.js';
import type { LimitName } from '../limits/limits.js';
import type { Viewer } from '../viewer.js';

/** Who may call: anyone, or whoever is signed in. Finer rights are the services' business. */
export type AccessRule = 'public' | 'signed-in';

export const ACCESS = 'parley:access';
export const LIMIT = 'parley:limit';

/** States who may call a route or emit an event; without it the server does not start. */
export const Access = (rule: AccessRule) => SetMetadata(ACCESS, rule);

/** Counts calls of a route against a line of the limits table. */
export const Limit = (name: LimitName) => SetMetadata(LIMIT, name);

/** A request after the guard has looked at it. */
export type ViewedRequest = FastifyRequest & { viewer?: Viewer };

/** The signed-in caller. */
export const CurrentViewer = createParamDecorator((_: unknown, context: ExecutionContext): Viewer => {
  const { viewer } = context.switchToHttp().getRequest<ViewedRequest>();
  if (!viewer) throw new AppError('unauthenticated');
  return viewer;
});

/** The caller's network address, seen through trusted proxies only. */
export const Address = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => context.switchToHttp().getRequest<FastifyRequest>().ip,
);
