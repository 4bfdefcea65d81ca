import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '@parley/protocol';

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
}
