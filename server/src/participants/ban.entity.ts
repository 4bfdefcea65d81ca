import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who cannot come back into a conversation until the ban is lifted. */
@Entity('bans')
export class BanEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;
  @Column('uuid', { name: 'banned_by' }) bannedBy!: string;
  @Column({ type: 'timestamptz', name: 'banned_at', precision: 3 }) bannedAt!: Date;
  @Column('text', { nullable: true }) reason!: string | null;
}
