export { ConversationEntity } from './conversation.entity.js';
export { ConversationsModule } from './conversations.module.js';
export { ConversationsService } from './conversations.service.js';
export { ParticipantEntity } from './participant.entity.js';
export { ReadMarksService } from './read-marks.service.js';
