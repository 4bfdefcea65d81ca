import 'reflect-metadata';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SignedIn } from '@parley/protocol';
import { AppModule } from '../../app.module.js';
import { type Config, readConfig } from '../../config.js';
import { Clock } from '../clock.js';
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
  /** Registers a person under a name of their own. */
  person(name: string): Promise<Person>;
  /** Waits until the outbox holds a mail to this address and returns its text. */
  mailTo(address: string): Promise<string>;
  close(): Promise<void>;
}

export const PASSWORD = 'a fine long password';
let people = 0;

/** The whole application on a database, a port and a directory of its own. */
export async function startTestApp(env: Partial<Record<keyof Config, string>> = {}): Promise<TestApp> {
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
  const app = await createApp(AppModule.with({ config, databaseUrl: database.url, clock }), config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const call = async <T>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<T>> => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  };

  return {
    url,
    databaseUrl: database.url,
    clock,
    app,
    call,
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
      const outbox = join(dataDir, 'outbox');
      for (;;) {
        for (const file of await readdir(outbox).catch(() => [])) {
          if (!file.endsWith('.eml')) continue;
          const mail = await readFile(join(outbox, file), 'utf8');
          if (mail.includes(`To: ${address}`)) return mail;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await stopApp(app, 2_000);
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
