import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Open polls that have a closing time, by that time: stored in a form whose order is that of the times. */
export class ClosingPolls1764000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX messages_closing ON messages ((metadata ->> 'closesAt') COLLATE "C")
        WHERE message_type = 'poll' AND deleted_at IS NULL AND poll ->> 'closedAt' IS NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
