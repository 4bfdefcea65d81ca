import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ForwardOrigin, Mention, MessageType, Metadata, PollState, Reaction } from '@parley/protocol';

/** One message as stored; `seq` and `rev` are given out under the lock of its conversation. */
@Entity('messages')
export class MessageEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('bigint') seq!: number;
  @Column('bigint') rev!: number;
  @Column('uuid') id!: string;
  @Column('uuid', { name: 'sender_id' }) senderId!: string;
  @Column('text', { name: 'client_message_id', nullable: true }) clientMessageId!: string | null;
  @Column('text', { name: 'message_type' }) messageType!: MessageType;
  @Column('text', { nullable: true }) content!: string | null;
  @Column('jsonb', { nullable: true }) metadata!: Metadata | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'edited_at', precision: 3, nullable: true }) editedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true }) deletedAt!: Date | null;
  @Column('boolean', { name: 'is_changed', default: false }) isChanged!: boolean;
  @Column('bigint', { name: 'reply_to_seq', nullable: true }) replyToSeq!: number | null;
  @Column('bigint', { name: 'thread_seq', nullable: true }) threadSeq!: number | null;
  @Column('jsonb', { nullable: true }) mentions!: Mention[] | null;
  @Column('jsonb', { nullable: true }) reactions!: Reaction[] | null;
  @Column('jsonb', { name: 'forwarded_from', nullable: true }) forwardedFrom!: ForwardOrigin | null;
  @Column('jsonb', { nullable: true }) poll!: PollState | null;
  @Column('uuid', { name: 'pinned_by', nullable: true }) pinnedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'pinned_at', precision: 3, nullable: true }) pinnedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true }) expiresAt!: Date | null;
}
