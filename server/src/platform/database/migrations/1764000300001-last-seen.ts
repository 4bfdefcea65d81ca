import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When people were last seen is written every minute for everyone who is there: these updates stay within their page. */
export class LastSeen1764000300001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE users SET (fillfactor = 80)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
