import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MessageDraft, Role } from '@parley/protocol';

/** One person's place in a conversation; who has left keeps the row. */
@Entity('participants')
export class ParticipantEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;
  @Column('text') role!: Role;
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 }) joinedAt!: Date;
  @Column({ type: 'timestamptz', name: 'left_at', precision: 3, nullable: true }) leftAt!: Date | null;
  @Column('bigint', { name: 'last_read_seq', default: 0 }) lastReadSeq!: number;
  @Column('bigint', { name: 'last_delivered_seq', default: 0 }) lastDeliveredSeq!: number;
  /** Follows from role and permissions; kept for the statement that writes messages. */
  @Column('boolean', { name: 'may_post', default: true }) mayPost!: boolean;
  @Column({ type: 'timestamptz', name: 'silenced_until', precision: 3, nullable: true }) silencedUntil!: Date | null;
  @Column({ type: 'timestamptz', name: 'next_post_at', precision: 3, nullable: true }) nextPostAt!: Date | null;
  @Column('bigint', { name: 'visible_from_seq', default: 1 }) visibleFromSeq!: number;
  /** The read mark as others may know it: it stands still while its owner keeps receipts private. */
  @Column('bigint', { name: 'shared_read_seq', default: 0 }) sharedReadSeq!: number;
  @Column({ type: 'timestamptz', name: 'muted_until', precision: 3, nullable: true }) mutedUntil!: Date | null;
  @Column('boolean', { name: 'is_pinned', default: false }) isPinned!: boolean;
  @Column('boolean', { name: 'is_archived', default: false }) isArchived!: boolean;
  @Column('boolean', { name: 'is_marked_unread', default: false }) isMarkedUnread!: boolean;
  @Column('jsonb', { nullable: true }) draft!: MessageDraft | null;
  @Column('bigint', { name: 'inbox_rev', default: 0 }) inboxRev!: number;
}
