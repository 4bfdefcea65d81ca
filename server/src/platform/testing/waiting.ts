import type { TestApp } from './test-app.js';

/** Whether somebody waits for the end of changes of an inbox that are being made. */
export async function isAnybodyWaiting(app: TestApp): Promise<boolean> {
  const waiting = await app.sql(
    `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'`,
  );
  return waiting.length > 0;
}
