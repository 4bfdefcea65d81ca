import proxyAddress from '@fastify/proxy-addr';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.js';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().int().min(1);
const window = z.coerce.number().int().min(0);
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );
const optional = z.string().min(1).optional();

/** One setting: its schema, what it means, and what it is when unset (for the documentation). */
interface Setting {
  readonly schema: z.ZodType;
  readonly about: string;
  readonly unset: string;
}
const setting = <T extends z.ZodType>(schema: T, unset: string, about: string) =>
  ({ schema, unset, about }) as const satisfies Setting;

const isOrigin = (value: string): boolean => URL.canParse(value) && new URL(value).origin === value;

function isProxyList(values: readonly string[]): boolean {
  try {
    proxyAddress.compile([...values]);
    return true;
  } catch {
    return false;
  }
}

/** Every setting of the server. `docs/configuration.md` and `.env.example` are generated from this table. */
export const SETTINGS = {
  NODE_ENV: setting(
    z.enum(['development', 'test', 'production']).default('development'),
    'development',
    'In `production` secrets must be given and unsafe settings are refused.',
  ),
  HOST: setting(z.string().default('127.0.0.1'), '127.0.0.1', 'Address to listen on; `0.0.0.0` for every interface.'),
  PORT: setting(port.default(3000), '3000', 'Port to listen on; `0` takes any free one.'),
  PUBLIC_URL: setting(
    z.url().optional(),
    'http://localhost:<PORT>',
    'The address people reach this server at, used in e-mails.',
  ),
  PARLEY_DATA_DIR: setting(
    z
      .string()
      .default('./data')
      .transform((path) => resolve(path)),
    './data',
    'Directory of the embedded database, generated secrets and the mail outbox.',
  ),
  DATABASE_URL: setting(
    optional,
    'embedded PostgreSQL',
    'URL of a PostgreSQL 15 or newer; unset, an embedded one is started under `PARLEY_DATA_DIR`.',
  ),
  DATABASE_POOL_SIZE: setting(
    z.coerce.number().int().min(2).max(200).default(10),
    '10',
    'Connections for reads and ordinary writes; the message writers and jobs have their own few.',
  ),
  REDIS_URL: setting(
    z
      .string()
      .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
      .optional(),
    'one node, nothing beside it',
    'URL of a Redis 7 or newer of its own, by which several servers on one PostgreSQL act as one.',
  ),
  LIMITS: setting(
    z.enum(['on', 'off']).default('on'),
    'on',
    'Rate limits. `off` is for benches and tests and refused in production.',
  ),
  TRUST_PROXY: setting(
    list.refine(isProxyList, 'must be addresses or ranges such as 10.0.0.0/8'),
    'none',
    'Comma-separated addresses or ranges of reverse proxies whose `X-Forwarded-*` headers are believed.',
  ),
  CORS_ORIGINS: setting(
    list.refine((origins) => origins.every(isOrigin), 'must be origins such as https://chat.example.org, with no path'),
    'none',
    'Comma-separated web origins that may call this server from a browser.',
  ),
  JWT_SECRET: setting(
    z.string().min(32).optional(),
    'generated into the data directory',
    'Key of at least 32 characters that signs access tokens and invites; required in production.',
  ),
  ACCESS_TOKEN_TTL: setting(seconds.default(900), '900', 'Life of an access token, in seconds.'),
  REFRESH_TOKEN_TTL: setting(seconds.default(2_592_000), '2592000', 'Life of an unused refresh token, in seconds.'),
  RESET_TOKEN_TTL: setting(seconds.default(3_600), '3600', 'Life of a password reset link, in seconds.'),
  MAX_TEXT_LENGTH: setting(
    z.coerce.number().int().min(1).max(65_536).default(16_384),
    '16384',
    'Longest message text, in UTF-16 code units.',
  ),
  EDIT_WINDOW: setting(
    window.default(900),
    '900',
    'Seconds within which senders may change what they wrote; `0` lets them at any time.',
  ),
  DELETE_WINDOW: setting(
    window.default(172_800),
    '172800',
    'Seconds within which senders may delete a message for everyone; `0` lets them at any time.',
  ),
  BODY_LIMIT: setting(
    z.coerce.number().int().min(1_024).default(1_048_576),
    '1048576',
    'Largest request body, in bytes; larger ones get a 413 before they are parsed.',
  ),
  SMTP_URL: setting(
    z
      .string()
      .regex(/^smtps?:\/\//)
      .optional(),
    'mail is written to `<data>/outbox`',
    'SMTP server for outgoing mail, such as `smtp://user:secret@mail.example.org:587`.',
  ),
  MAIL_FROM: setting(
    z.string().default('Parley <no-reply@localhost>'),
    'Parley <no-reply@localhost>',
    'Sender of outgoing mail.',
  ),
  METRICS_TOKEN: setting(
    optional,
    'loopback only',
    'Bearer token for `/metrics`; unset, it answers only direct calls from this machine, and none in production.',
  ),
  LOG_LEVEL: setting(
    z.enum(['error', 'warn', 'info', 'debug']).default('info'),
    'info',
    'Least important level that is logged.',
  ),
  SHUTDOWN_TIMEOUT: setting(
    z.coerce.number().int().min(1).max(30).default(20),
    '20',
    'Seconds a stopping server gives to requests in flight.',
  ),
} as const;

const ConfigSchema = z.object(
  Object.fromEntries(Object.entries(SETTINGS).map(([name, { schema }]) => [name, schema])) as {
    [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K]['schema'];
  },
);
export type Config = Readonly<z.infer<typeof ConfigSchema>>;

/** Injection token of the validated `Config`. */
export const CONFIG = Symbol('config');

function productionFaults(config: Config): string[] {
  if (config.NODE_ENV !== 'production') return [];
  const faults: string[] = [];
  if (config.LIMITS === 'off') faults.push('LIMITS: cannot be off in production');
  if (!config.JWT_SECRET) faults.push('JWT_SECRET: is required in production');
  if (!config.PUBLIC_URL) faults.push('PUBLIC_URL: is required in production');
  return faults;
}

/** `NAME_FILE=/path` gives the value of NAME from a file, for secrets that should not stand in the environment. */
function withFiles(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(SETTINGS)) {
    const file = env[`${name}_FILE`];
    const value = file ? readSecret(`${name}_FILE`, file) : env[name];
    values[name] = value === '' ? undefined : value;
  }
  return values;
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new StartError(`The configuration is not valid.\n  ${name}: ${path} cannot be read`);
  }
}

/** Reads and checks the configuration; throws a `StartError` that names every faulty setting. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const result = ConfigSchema.safeParse(withFiles(env));
  const faults = result.success
    ? productionFaults(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (!result.success || faults.length > 0)
    throw new StartError(`The configuration is not valid.\n  ${faults.join('\n  ')}`);
  return result.data;
}
