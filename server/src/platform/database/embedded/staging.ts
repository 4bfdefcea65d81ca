import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inspectProcess } from './processes.js';

/**
 * Makes a directory all or nothing: `fill` works beside it and a rename puts it in place, so that a kill -9 leaves
 * only rubbish, which the next call clears away. When somebody else was faster, theirs stands.
 */
export async function makeWhole(target: string, fill: (staging: string) => Promise<void>): Promise<void> {
  await clearAbandoned(target);
  const staging = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(staging, { mode: 0o700 });
  try {
    await fill(staging);
    await rename(staging, target).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function clearAbandoned(target: string): Promise<void> {
  const prefix = `${basename(target)}.new-`;
  const siblings = await readdir(dirname(target)).catch(() => []);
  for (const name of siblings.filter((sibling) => sibling.startsWith(prefix))) {
    const maker = Number(name.slice(prefix.length).split('-')[0]);
    // The maker may be a server that is starting at this very moment.
    if ((await inspectProcess(maker)) !== null) continue;
    // An orphaned initdb may still be writing there, hence the retries.
    await rm(join(dirname(target), name), { recursive: true, force: true, maxRetries: 20 });
  }
}

/** The code of a system or PostgreSQL error (`ENOENT`, `57P03`), or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
