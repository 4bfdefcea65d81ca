import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  DeliveredMark,
  type DeliveryStatus,
  DeliveryStatusPage,
  Id,
  MarkDelivered,
  MarkRead,
  type Page,
  PageQuery,
  ReadMark,
} from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Post('mark-read')
  @Access('signed-in')
  @Answers(200, ReadMark)
  markRead(@CurrentViewer() viewer: Viewer, @Body({ schema: MarkRead }) input: MarkRead): Promise<ReadMark> {
    return this.receipts.markRead(viewer, input);
  }

  @Post('mark-delivered')
  @Access('signed-in')
  @Answers(200, DeliveredMark)
  markDelivered(
    @CurrentViewer() viewer: Viewer,
    @Body({ schema: MarkDelivered }) input: MarkDelivered,
  ): Promise<DeliveredMark> {
    return this.receipts.markDelivered(viewer, input);
  }

  @Get(':id/status')
  @Access('signed-in')
  @Answers(200, DeliveryStatusPage, 'What has become of it for each recipient; for its sender and for moderators')
  status(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<DeliveryStatus>> {
    return this.receipts.status(viewer, id, page);
  }
}
