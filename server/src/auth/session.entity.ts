import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RevokedReason } from '@parley/protocol';

/** One signed-in device. Ended sessions stay, so that every node can learn of the end. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'user_id' }) userId!: string;
  @Column('text', { name: 'device_name', nullable: true }) deviceName!: string | null;
  @Column('text', { nullable: true }) address!: string | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3 }) lastUsedAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true }) endedAt!: Date | null;
  @Column('text', { name: 'end_reason', nullable: true }) endReason!: RevokedReason | null;
}
