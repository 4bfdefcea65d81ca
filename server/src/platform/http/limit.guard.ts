import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { limitAddress } from '../limits/address.js';
import { type LimitName, LIMITS, Limits } from '../limits/limits.js';
import { LIMIT, type ViewedRequest } from './access.js';

/** Counts each request against the line its route names, or the general one for signed-in people. */
@Injectable()
export class LimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: Limits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ViewedRequest>();
    const named = this.reflector.get<LimitName | undefined>(LIMIT, context.getHandler());
    if (request.viewer) await this.limits.take('request', request.viewer.userId);
    if (named) {
      const byUser = LIMITS[named].per === 'user' && request.viewer;
      await this.limits.take(named, byUser ? byUser.userId : limitAddress(request.ip));
    }
    return true;
  }
}
