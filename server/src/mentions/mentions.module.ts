import { Module } from '@nestjs/common';
import { MentionsRepository } from './mentions.repository.js';
import { MentionsService } from './mentions.service.js';

@Module({ providers: [MentionsRepository, MentionsService], exports: [MentionsService] })
export class MentionsModule {}
