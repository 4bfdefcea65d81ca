import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../platform/app-error.js';
import { ACCESS, type AccessRule, type ViewedRequest } from '../platform/http/access.js';
import { SessionsService } from './sessions.service.js';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** Lets through what is public; everything else needs the access token of an open session. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS, context.getHandler());
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<ViewedRequest>();
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (!token) throw new AppError('unauthenticated');
    request.viewer = await this.sessions.authenticate(token);
    return true;
  }
}
