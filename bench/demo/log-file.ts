import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './options.js';

export interface LogFile {
  readonly name: string;
  readonly text: string;
  /** Whether every byte is part of a character: otherwise what is sent cannot be what the file holds. */
  readonly isUtf8: boolean;
}

const SHIPPED = 'bench/demo/conversation.raw.txt';

/** Reads a log, or the conversation that ships; throws a `UsageError` when there is none. */
export async function readLogFile(path: string | null): Promise<LogFile> {
  // npm runs scripts in the root of the project and tells where the person is.
  const file = path === null ? findShipped() : resolve(process.env.INIT_CWD ?? '.', path);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const text = bytes.toString('utf8');
  return { name: basename(file), text, isUtf8: Buffer.from(text).equals(bytes) };
}

/** Looked for from here upwards: this file runs from its source and from `dist`, where no texts are copied. */
function findShipped(): string {
  for (let directory = fileURLToPath(new URL('.', import.meta.url)); ; directory = dirname(directory)) {
    const file = join(directory, SHIPPED);
    if (existsSync(file)) return file;
    if (directory === dirname(directory)) throw new UsageError(`${SHIPPED} is not here; name a log.`);
  }
}
