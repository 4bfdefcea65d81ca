import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
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
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, invalid } from '../platform/app-error.js';
import { Access, Address, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { AuthService } from './auth.service.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';

const Kept = () =>
  ApiHeader({
    name: 'X-Parley-Session',
    required: false,
    schema: { enum: ['cookie'] },
    description: 'Keeps the refresh token in an HttpOnly cookie instead of the answer, for browsers.',
  });

@ApiTags('Authentication')
@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('auth/register')
  @Access('public')
  @Limit('register')
  @Kept()
  @Answers(201, SignedIn)
  async register(
    @Body({ schema: Register }) input: Register,
    @Address() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.cookie.carry({ request, reply }, await this.auth.register(input, address));
  }

  @Post('auth/login')
  @Access('public')
  @Limit('login')
  @Kept()
  @Answers(200, SignedIn)
  async login(
    @Body({ schema: Login }) input: Login,
    @Address() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.cookie.carry({ request, reply }, await this.auth.login(input, address));
  }

  @Post('auth/refresh')
  @Access('public')
  @Limit('refresh')
  @Kept()
  @Answers(200, TokenPair)
  async refresh(
    @Body({ schema: Refresh }) input: Refresh,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenPair> {
    const exchange = { request, reply };
    const token = input.refreshToken ?? this.cookie.read(exchange);
    if (token === undefined && !this.cookie.isWanted(exchange)) throw invalid('refreshToken', 'must be given');
    try {
      if (token === undefined) throw new AppError('invalid_refresh_token');
      return this.cookie.carry(exchange, await this.sessions.refresh(token));
    } catch (error) {
      if (error instanceof AppError && error.code === 'invalid_refresh_token') this.cookie.clear(exchange);
      throw error;
    }
  }

  @Post('auth/logout')
  @Access('signed-in')
  @ApiBearerAuth()
  @Kept()
  @Answers(204)
  async logout(
    @CurrentViewer() viewer: Viewer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.endOne(viewer, viewer.sessionId);
    this.cookie.clear({ request, reply });
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
