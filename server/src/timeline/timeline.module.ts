import { Module } from '@nestjs/common';
import { Appender } from './appender.js';
import { TimelineRepository } from './timeline.repository.js';

@Module({ providers: [Appender, TimelineRepository], exports: [Appender, TimelineRepository] })
export class TimelineModule {}
