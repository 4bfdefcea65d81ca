import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who has asked to be let into a conversation. */
@Entity('join_requests')
export class JoinRequestEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;
  @Column('uuid', { name: 'invite_id', nullable: true }) inviteId!: string | null;
  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3 }) requestedAt!: Date;
}
