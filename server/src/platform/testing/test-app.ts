import 'reflect-metadata';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SignedIn } from '@parley/protocol';
import pg from 'pg';
import { AppModule } from '../../app.module.js';
import { type Config, readConfig } from '../../config.js';
import { Clock } from '../clock.js';
import type { Timing } from '../timing.js';
import { createApp } from '../http/create-app.js';
import { stopApp } from '../http/stop-app.js';
import { cloneDatabase } from './test-database.js';

/** A clock that runs as usual and can be put forward. */
export class TestClock extends Clock {
  #ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  advance(ms: number): void {
    this.#ahead += ms;
  }
}

/** An answer of the server, read to the end. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Person extends SignedIn {
  readonly id: string;
  /** Calls the API as this person. */
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;
}

export interface TestApp {
  readonly url: string;
  readonly databaseUrl: string;
  readonly clock: TestClock;
  readonly app: NestFastifyApplication;
  /** Calls the API, as nobody unless a token is given. */
  call<T>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<T>>;
  /** Sends a request exactly as given, for headers and bodies that `call` would not make. */
  request<T>(path: string, init?: RequestInit): Promise<Answer<T>>;
  /** Registers a person under a name of their own. */
  person(name: string): Promise<Person>;
  /** Waits until the outbox holds a mail to this address and returns its text. */
  mailTo(address: string): Promise<string>;
  /** Every mail in the outbox now. */
  mails(): Promise<string[]>;
  /** Looks into the database past the application. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Waits until `condition` holds, for what is done by jobs. */
  until(condition: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

export const PASSWORD = 'a fine long password';
const LOOK_EVERY = 20;
let people = 0;

const nextLook = () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));

/** The answer without what differs between any two: what a caller could compare. */
export const sameBut = <T extends object>({ status, body }: Answer<T>) => ({
  status,
  body: JSON.stringify({ ...body, requestId: '' }),
});

/** The secret of the link in a reset mail. */
export function resetTokenIn(mail: string): string {
  const text = mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
  const [, token] = /#token=([\w-]+)/.exec(text) ?? [];
  if (!token) throw new Error('There is no link in this mail');
  return token;
}

/**
 * The whole application on a database, a port and a directory of its own. `through` puts something in front of the
 * database: it is given its URL and answers with the one to use.
 */
export async function startTestApp(
  env: Partial<Record<keyof Config, string>> = {},
  through: (databaseUrl: string) => Promise<string> | string = (databaseUrl) => databaseUrl,
  timing: Partial<Timing> = {},
): Promise<TestApp> {
  const database = await cloneDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-app-'));
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    LIMITS: 'off',
    LOG_LEVEL: 'error',
    JWT_SECRET: 'a secret for tests that is long enough',
    PUBLIC_URL: 'http://localhost:3000',
    PARLEY_DATA_DIR: dataDir,
    ...env,
  });
  const clock = new TestClock();
  const app = await createApp(
    AppModule.with({ config, databaseUrl: await through(database.url), clock, timing }),
    config,
  );
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const request = async <T>(path: string, init: RequestInit = {}): Promise<Answer<T>> => {
    const response = await fetch(url + path, { redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = text && response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  };
  const call = <T>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<T>> =>
    request<T>(path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const mails = async (): Promise<string[]> => {
    const outbox = join(dataDir, 'outbox');
    const files = (await readdir(outbox).catch(() => [])).filter((file) => file.endsWith('.eml'));
    return Promise.all(files.map((file) => readFile(join(outbox, file), 'utf8')));
  };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // Dropping the database at the end cuts what is left of the pool.
  pool.on('error', () => undefined);

  return {
    url,
    databaseUrl: database.url,
    clock,
    app,
    call,
    request,
    mails,
    async sql<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(text, [...values])).rows;
    },
    async until(condition) {
      while (!(await condition())) await nextLook();
    },
    async person(name) {
      people += 1;
      const username = `${name}.${people}.${Math.random().toString(36).slice(2, 8)}`;
      const { status, body } = await call<SignedIn>('POST', '/auth/register', {
        username,
        email: `${username}@example.com`,
        password: PASSWORD,
        firstName: name,
        lastName: 'Test',
      });
      if (status !== 201) throw new Error(`${name} could not be registered: ${JSON.stringify(body)}`);
      return {
        ...body,
        id: body.user.id,
        call: (method, path, input) => call(method, path, input, body.accessToken),
      };
    },
    async mailTo(address) {
      for (;;) {
        const mail = (await mails()).find((text) => text.includes(`To: ${address}`));
        if (mail) return mail;
        await nextLook();
      }
    },
    async close() {
      await stopApp(app, 2_000);
      await pool.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
