import './timeline.events.js';

export { type Appended, Appender } from './appender.js';
export { MessageEntity } from './message.entity.js';
export { TimelineModule } from './timeline.module.js';
export { TimelineRepository } from './timeline.repository.js';
