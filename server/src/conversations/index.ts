export { type Action, mayDo } from './conversation.rules.js';
export { ConversationViews, sightOf } from './conversation-views.js';
export { ConversationEntity } from './conversation.entity.js';
export { ConversationsModule } from './conversations.module.js';
export { ConversationsRepository, type SeatRow } from './conversations.repository.js';
export { ConversationsService } from './conversations.service.js';
export { InboxesRepository } from './inboxes.repository.js';
export { ParticipantEntity } from './participant.entity.js';
export { ReadMarksService } from './read-marks.service.js';
