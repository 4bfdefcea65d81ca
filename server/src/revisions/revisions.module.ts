import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { MentionsModule } from '../mentions/index.js';
import { MessagesModule } from '../messages/index.js';
import { TimelineModule } from '../timeline/index.js';
import { DeletionsService } from './deletions.service.js';
import { EditsService } from './edits.service.js';
import { HiddenMessagesRepository } from './hidden-messages.repository.js';
import { MessageVersionsRepository } from './message-versions.repository.js';
import { RevisionsController } from './revisions.controller.js';
import { RevisionsGateway } from './revisions.gateway.js';
import { RevisionsListener } from './revisions.listener.js';

@Module({
  imports: [ConversationsModule, MentionsModule, MessagesModule, TimelineModule],
  controllers: [RevisionsController],
  providers: [
    DeletionsService,
    EditsService,
    HiddenMessagesRepository,
    MessageVersionsRepository,
    RevisionsGateway,
    RevisionsListener,
  ],
})
export class RevisionsModule {}
