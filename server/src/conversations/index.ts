export { type Action, heirOf, mayActOn, mayDo, mayGiveRole } from './conversation.rules.js';
export { ConversationViews, type PlaceRow, sightOf, toParticipant, toSeat } from './conversation-views.js';
export { ConversationEntity } from './conversation.entity.js';
export { ConversationsModule } from './conversations.module.js';
export { ConversationsRepository, type ParticipantRow, type SeatRow } from './conversations.repository.js';
export { ConversationsService } from './conversations.service.js';
export { InboxesRepository } from './inboxes.repository.js';
export { LiveViews } from './live-views.js';
export { ParticipantEntity } from './participant.entity.js';
