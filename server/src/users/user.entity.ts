import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Privacy, Status } from '@parley/protocol';

/** One account. The `…Key` columns hold the case-folded form in which names and addresses are unique. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') username!: string;
  @Column('text', { name: 'username_key' }) usernameKey!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text', { name: 'email_key', nullable: true }) emailKey!: string | null;
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column('text', { name: 'first_name' }) firstName!: string;
  @Column('text', { name: 'last_name' }) lastName!: string;
  @Column('text', { name: 'name_key' }) nameKey!: string;
  @Column('text', { nullable: true }) phone!: string | null;
  @Column('text', { name: 'avatar_url', nullable: true }) avatarUrl!: string | null;
  @Column('text') availability!: Status['status'];
  @Column('text', { name: 'status_text', nullable: true }) statusText!: string | null;
  @Column({ type: 'timestamptz', name: 'status_expires_at', precision: 3, nullable: true })
  statusExpiresAt!: Date | null;
  @Column('jsonb') privacy!: Privacy;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 }) updatedAt!: Date;
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true }) deletedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'last_seen_at', precision: 3, nullable: true }) lastSeenAt!: Date | null;
}
