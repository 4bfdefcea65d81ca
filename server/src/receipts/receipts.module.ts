import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { MessagesModule } from '../messages/index.js';
import { TimelineModule } from '../timeline/index.js';
import { UsersModule } from '../users/index.js';
import { MarkWriter } from './mark-writer.js';
import { ReceiptFanOut } from './receipt-fan-out.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsGateway } from './receipts.gateway.js';
import { ReceiptsListener } from './receipts.listener.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { ReceiptsService } from './receipts.service.js';

@Module({
  imports: [ConversationsModule, MessagesModule, TimelineModule, UsersModule],
  controllers: [ReceiptsController],
  providers: [MarkWriter, ReceiptFanOut, ReceiptsGateway, ReceiptsListener, ReceiptsRepository, ReceiptsService],
  exports: [ReceiptsService],
})
export class ReceiptsModule {}
