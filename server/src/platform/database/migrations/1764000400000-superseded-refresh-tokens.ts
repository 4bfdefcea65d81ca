import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A refresh token that was issued in an answer that got lost gives way to the one that is issued instead of it, for the
 * same token that was presented.
 */
export class SupersededRefreshTokens1764000400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE refresh_tokens ADD COLUMN issued_for bytea, ADD COLUMN superseded_at timestamptz(3)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
