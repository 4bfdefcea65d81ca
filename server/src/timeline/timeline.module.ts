import { Module } from '@nestjs/common';
import { Appender } from './appender.js';
import { TimelineRepository } from './timeline.repository.js';
import { TombstonesRepository } from './tombstones.repository.js';

const providers = [Appender, TimelineRepository, TombstonesRepository];

@Module({ providers, exports: providers })
export class TimelineModule {}
