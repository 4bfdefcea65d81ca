import './timeline.events.js';

export { EVERYONE } from './append.queries.js';
export { type Appended, Appender } from './appender.js';
export type { Draft, Facts } from './batch.js';
export { MessageEntity } from './message.entity.js';
export { bareQuote, type MessageRow } from './message.mapper.js';
export { TimelineModule } from './timeline.module.js';
export { type Change, MESSAGE_COLUMNS, type Sight, TimelineRepository, toQuote } from './timeline.repository.js';
