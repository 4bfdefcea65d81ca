import './timeline.events.js';

export { EVERYONE } from './append.queries.js';
export { Appender } from './appender.js';
export type { Appended } from './lane.js';
export { asSeenFrom, type Draft, type Facts } from './batch.js';
export { MessageEntity } from './message.entity.js';
export type { MessageRow } from './message.mapper.js';
export { TimelineModule } from './timeline.module.js';
export { type Change, MESSAGE_COLUMNS, type Sight, TimelineRepository } from './timeline.repository.js';
export { TombstonesRepository } from './tombstones.repository.js';
