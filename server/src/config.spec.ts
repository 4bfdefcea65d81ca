import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';
import { StartError } from './start-error.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a secret for production of 32 characters',
  PUBLIC_URL: 'https://chat.example.com',
};

/** What the server says before it refuses to start. */
function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as Error).message;
  }
  return '';
}

describe('the configuration', () => {
  it('needs nothing to be set', () => {
    expect(readConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 3_000, LIMITS: 'on', NODE_ENV: 'development' });
  });

  it('takes an empty value for none', () => {
    expect(readConfig({ PORT: '', JWT_SECRET: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['NODE_ENV', 'prod'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['JWT_SECRET', 'too short'],
    ['LIMITS', 'false'],
    ['LOG_LEVEL', 'loud'],
    ['SMTP_URL', 'mail.example.com'],
    ['DATABASE_POOL_SIZE', '1'],
    ['ACCESS_TOKEN_TTL', '0'],
    ['MAX_TEXT_LENGTH', '65537'],
    ['BODY_LIMIT', '10'],
    ['SHUTDOWN_TIMEOUT', '31'],
  ])('names %s when it is %s', (name, value) => {
    expect(refusal({ [name]: value })).toContain(`${name}: `);
  });

  it('names every faulty setting at once', () => {
    const message = refusal({ PORT: 'x', LIMITS: 'x', LOG_LEVEL: 'x', JWT_SECRET: 'x' });
    for (const name of ['PORT', 'LIMITS', 'LOG_LEVEL', 'JWT_SECRET']) expect(message).toContain(`${name}: `);
  });

  it('does not repeat a secret in what it says', () => {
    expect(refusal({ JWT_SECRET: 'hunter2' })).not.toContain('hunter2');
  });

  it('splits lists at commas and drops what is empty', () => {
    expect(readConfig({ CORS_ORIGINS: ' https://a.example , ,https://b.example,' }).CORS_ORIGINS).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-config-'));
    try {
      const file = join(directory, 'secret');
      writeFileSync(file, `${PRODUCTION.JWT_SECRET}\n`);
      expect(readConfig({ JWT_SECRET_FILE: file }).JWT_SECRET).toBe(PRODUCTION.JWT_SECRET);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('in production', () => {
  it('the server starts with a secret and its public address', () => {
    expect(refusal(PRODUCTION)).toBe('');
  });

  it.each([
    ['LIMITS', { ...PRODUCTION, LIMITS: 'off' }],
    ['JWT_SECRET', { ...PRODUCTION, JWT_SECRET: '' }],
    ['PUBLIC_URL', { ...PRODUCTION, PUBLIC_URL: '' }],
  ])('the server does not start when %s is not safe', (name, env) => {
    expect(refusal(env)).toContain(`${name}: `);
  });
});
