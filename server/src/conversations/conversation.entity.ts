import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Conversation, HistoryVisibility, JoinPolicy, Permissions } from '@parley/protocol';

/** A conversation and its counters; `lastSeq` and `rev` move in the statement that writes its messages. */
@Entity('conversations')
export class ConversationEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') type!: Conversation['type'];
  @Column('text', { nullable: true }) name!: string | null;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl!: string | null;
  @Column('text', { name: 'direct_key', nullable: true }) directKey!: string | null;
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt!: Date;
  @Column('integer', { name: 'member_count' }) memberCount!: number;
  @Column('bigint', { name: 'last_seq', default: 0 }) lastSeq!: number;
  @Column('bigint', { default: 0 }) rev!: number;
  @Column({ type: 'timestamptz', name: 'last_activity_at', precision: 3 }) lastActivityAt!: Date;
  /** What differs from the permissions of its type. */
  @Column('jsonb') permissions!: Partial<Permissions>;
  @Column('text', { name: 'history_visibility' }) historyVisibility!: HistoryVisibility;
  @Column('text', { name: 'join_policy' }) joinPolicy!: JoinPolicy;
  @Column('integer', { name: 'slow_mode_seconds' }) slowModeSeconds!: number;
  @Column('integer', { name: 'message_ttl', nullable: true }) messageTtl!: number | null;
  /** The latest point from which any member can read. */
  @Column('bigint', { name: 'newest_visible_from', default: 1 }) newestVisibleFrom!: number;
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true }) deletedAt!: Date | null;
}
