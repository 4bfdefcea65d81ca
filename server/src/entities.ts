import { PasswordResetEntity, RefreshTokenEntity, SessionEntity } from './auth/index.js';
import { ConversationEntity, ParticipantEntity } from './conversations/index.js';
import { InviteEntity, JoinRequestEntity } from './invites/index.js';
import { BanEntity } from './participants/index.js';
import { MessageEntity } from './timeline/index.js';
import { UserEntity } from './users/index.js';

/** Every table that TypeORM knows as an entity. */
export const entities = [
  UserEntity,
  SessionEntity,
  RefreshTokenEntity,
  PasswordResetEntity,
  ConversationEntity,
  ParticipantEntity,
  BanEntity,
  InviteEntity,
  JoinRequestEntity,
  MessageEntity,
];
