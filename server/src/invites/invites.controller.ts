import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  CreateInvite,
  Id,
  Invite,
  InviteCode,
  InvitePage,
  InvitePreview,
  type Page,
  PageQuery,
} from '@parley/protocol';
import { Access, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { InvitesService } from './invites.service.js';

@ApiTags('Invites')
@ApiBearerAuth()
@Controller()
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  @Get('invites/:code')
  @Access('signed-in')
  @Limit('preview_invite')
  @Answers(200, InvitePreview)
  preview(
    @CurrentViewer() viewer: Viewer,
    @Param('code', { schema: InviteCode }) code: string,
  ): Promise<InvitePreview> {
    return this.invites.preview(viewer, code);
  }

  @Get('conversations/:id/invites')
  @Access('signed-in')
  @Answers(200, InvitePage)
  list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<Invite>> {
    return this.invites.list(viewer, id, page);
  }

  @Post('conversations/:id/invites')
  @Access('signed-in')
  @Answers(201, Invite)
  create(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CreateInvite }) input: CreateInvite,
  ): Promise<Invite> {
    return this.invites.create(viewer, id, input);
  }

  @Delete('conversations/:id/invites/:inviteId')
  @Access('signed-in')
  @Answers(204)
  revoke(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('inviteId', { schema: Id }) inviteId: string,
  ): Promise<void> {
    return this.invites.revoke(viewer, id, inviteId);
  }
}
