import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One link in a session's chain of refresh tokens; only the hash of the secret is stored. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('uuid', { name: 'session_id' }) sessionId!: string;
  /** The hash of the token it was given for; null for the first of a session. */
  @Column('bytea', { name: 'issued_for', nullable: true }) issuedFor!: Buffer | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true }) usedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'superseded_at', precision: 3, nullable: true }) supersededAt!: Date | null;
}
