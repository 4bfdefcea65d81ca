import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  Forgot,
  Id,
  Login,
  type Page,
  PageQuery,
  Refresh,
  Register,
  Reset,
  type Session,
  SessionPage,
  SignedIn,
  TokenPair,
} from '@parley/protocol';
import { Access, Address, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { AuthService } from './auth.service.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Authentication')
@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
  ) {}

  @Post('auth/register')
  @Access('public')
  @Limit('register')
  @Answers(201, SignedIn)
  register(@Body({ schema: Register }) input: Register, @Address() address: string): Promise<SignedIn> {
    return this.auth.register(input, address);
  }

  @Post('auth/login')
  @Access('public')
  @Limit('login')
  @Answers(200, SignedIn)
  login(@Body({ schema: Login }) input: Login, @Address() address: string): Promise<SignedIn> {
    return this.auth.login(input, address);
  }

  @Post('auth/refresh')
  @Access('public')
  @Limit('refresh')
  @Answers(200, TokenPair)
  refresh(@Body({ schema: Refresh }) input: Refresh): Promise<TokenPair> {
    return this.sessions.refresh(input.refreshToken);
  }

  @Post('auth/logout')
  @Access('signed-in')
  @ApiBearerAuth()
  @Answers(204)
  logout(@CurrentViewer() viewer: Viewer): Promise<void> {
    return this.sessions.endOne(viewer, viewer.sessionId);
  }

  @Post('auth/forgot')
  @Access('public')
  @Limit('forgot')
  @Answers(202)
  forgot(@Body({ schema: Forgot }) input: Forgot): Promise<void> {
    return this.auth.forgot(input);
  }

  @Post('auth/reset')
  @Access('public')
  @Limit('reset')
  @Answers(204)
  reset(@Body({ schema: Reset }) input: Reset): Promise<void> {
    return this.auth.reset(input);
  }

  @Get('auth/sessions')
  @Access('signed-in')
  @ApiBearerAuth()
  @Answers(200, SessionPage)
  listSessions(@CurrentViewer() viewer: Viewer, @Query({ schema: PageQuery }) page: PageQuery): Promise<Page<Session>> {
    return this.sessions.list(viewer, page);
  }

  @Delete('auth/sessions/:id')
  @Access('signed-in')
  @ApiBearerAuth()
  @Answers(204)
  endSession(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.sessions.endOne(viewer, id);
  }
}
