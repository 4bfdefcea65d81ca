import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LimitGuard } from '../platform/http/limit.guard.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { UsersModule } from '../users/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AccountController } from './account.controller.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { PasswordResetProcessor } from './password-reset.processor.js';
import { PasswordResetService } from './password-reset.service.js';
import { Passwords } from './passwords.js';
import { SessionCookie } from './session-cookie.js';
import { SessionWatch } from './session-watch.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [UsersModule],
  controllers: [AccountController, AuthController],
  providers: [
    AuthService,
    AccessTokens,
    Passwords,
    PasswordResetProcessor,
    PasswordResetService,
    SessionCookie,
    SessionsRepository,
    SessionsService,
    SessionWatch,
    // In this order: the limits count by person once it is known who asks.
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: LimitGuard },
  ],
  exports: [SessionsService],
})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly realtime: Realtime,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.realtime.admitBy({ authenticate: (token) => this.sessions.authenticate(token) });
  }
}
