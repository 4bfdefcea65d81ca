import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSecret } from './ids.js';

/** A secret of this installation: made at the first start, kept in a file only its owner can read. */
export async function installationSecret(dataDir: string, name: string): Promise<string> {
  const directory = join(dataDir, 'secrets');
  const path = join(directory, name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(newSecret());
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // Somebody was here before: their secret is the one.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < 32) throw new Error(`${path} does not hold a secret; delete it and start again.`);
  return secret;
}
