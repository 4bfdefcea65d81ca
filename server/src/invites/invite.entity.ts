import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A way into a conversation for who holds its code. The code follows from the id and is not stored. */
@Entity('invites')
export class InviteEntity {
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'conversation_id' }) conversationId!: string;
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true }) expiresAt!: Date | null;
  @Column('integer', { name: 'max_uses', nullable: true }) maxUses!: number | null;
  @Column('integer', { default: 0 }) uses!: number;
  @Column('boolean', { name: 'requires_approval' }) requiresApproval!: boolean;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true }) revokedAt!: Date | null;
}
