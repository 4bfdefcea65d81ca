import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Versions below these have known holes. */
const FLOORS: Readonly<Record<string, string>> = {
  fastify: '5.8.3',
  '@nestjs/platform-fastify': '11.1.25',
  '@fastify/static': '9.1.1',
  '@fastify/multipart': '9.0.3',
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.7',
  // Above 8.21.0.
  ws: '8.21.1',
  nodemailer: '7.0.7',
  'path-to-regexp': '8.4.0',
};

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}
const lockfile = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as Lockfile;

/** Every installed copy of a package, nested ones included. */
const installed = (name: string): string[] =>
  Object.entries(lockfile.packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .flatMap(([, { version }]) => (version ? [version] : []));

function isAtLeast(version: string, floor: string): boolean {
  const numbers = (text: string): number[] => (text.split('-')[0] ?? '').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(floor)];
  for (const [index, wanted] of need.entries()) {
    const found = have[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  // A pre-release comes before the release it leads to.
  return !version.includes('-');
}

describe('the lockfile', () => {
  it.each(Object.entries(FLOORS))('holds no %s older than %s', (name, floor) => {
    expect(installed(name).filter((version) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('holds the packages that the server cannot do without, so that the check looks at something', () => {
    for (const name of [
      'fastify',
      '@nestjs/platform-fastify',
      '@fastify/static',
      'socket.io-parser',
      'engine.io',
      'ws',
    ]) {
      expect([name, installed(name).length > 0]).toEqual([name, true]);
    }
  });
});

describe('the comparison of versions', () => {
  it.each([
    ['5.8.3', true],
    ['5.10.0', true],
    ['6.0.0', true],
    ['5.8.2', false],
    ['5.7.9', false],
    ['4.99.99', false],
    ['5.8.3-rc.1', false],
    ['5.8.4-rc.1', true],
  ])('finds %s at or above 5.8.3: %s', (version, expected) => {
    expect(isAtLeast(version, '5.8.3')).toBe(expected);
  });
});
