import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id, Profile, SetStatus, UpdateProfile, User, UserPage, UserSearch, type Page } from '@parley/protocol';
import { Access, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('profile')
  @Access('signed-in')
  @Answers(200, Profile)
  profile(@CurrentViewer() viewer: Viewer): Promise<Profile> {
    return this.users.profile(viewer);
  }

  @Put('profile')
  @Access('signed-in')
  @Answers(200, Profile)
  updateProfile(
    @CurrentViewer() viewer: Viewer,
    @Body({ schema: UpdateProfile }) input: UpdateProfile,
  ): Promise<Profile> {
    return this.users.updateProfile(viewer, input);
  }

  @Put('status')
  @Access('signed-in')
  @Answers(200, Profile)
  setStatus(@CurrentViewer() viewer: Viewer, @Body({ schema: SetStatus }) input: SetStatus): Promise<Profile> {
    return this.users.setStatus(viewer, input);
  }

  @Get('search')
  @Access('signed-in')
  @Limit('search')
  @Answers(200, UserPage)
  search(@CurrentViewer() viewer: Viewer, @Query({ schema: UserSearch }) query: UserSearch): Promise<Page<User>> {
    return this.users.search(viewer, query);
  }

  @Get(':id')
  @Access('signed-in')
  @Answers(200, User)
  find(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<User> {
    return this.users.find(viewer, id);
  }
}
