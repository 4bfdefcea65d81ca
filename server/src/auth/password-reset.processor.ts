import './auth.jobs.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { PasswordResetService } from './password-reset.service.js';

/** Takes up requests for reset links. */
@Injectable()
export class PasswordResetProcessor implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly resets: PasswordResetService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('password_reset_requested', ({ id, payload }) => this.resets.mailLink(id, payload));
  }
}
