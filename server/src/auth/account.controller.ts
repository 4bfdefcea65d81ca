import { Body, Controller, Delete } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { DeleteProfile } from '@parley/protocol';
import { Access, Address, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { AuthService } from './auth.service.js';

/** Closing an account: a matter of passwords and sessions, though its path is that of the profile. */
@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class AccountController {
  constructor(private readonly auth: AuthService) {}

  @Delete('profile')
  @Access('signed-in')
  @Answers(202)
  deleteAccount(
    @CurrentViewer() viewer: Viewer,
    @Body({ schema: DeleteProfile }) input: DeleteProfile,
    @Address() address: string,
  ): Promise<void> {
    return this.auth.deleteAccount(viewer, input, address);
  }
}
