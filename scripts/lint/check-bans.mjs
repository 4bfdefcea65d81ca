/**
 * Proves that every ban bites and bites nothing else: each has a sample that must be reported and one that must pass.
 * The samples are written into a directory of their own, together with our lint configuration.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const FEATURE = 'server/src/greetings/greetings.service.ts';
const PLATFORM = 'server/src/platform/greeter.ts';
const SPEC = 'server/src/greetings/greetings.spec.ts';

/** `at` is where `bad` must be reported and `good` must not; `elsewhere` is a place where `bad` itself is fine. */
const BANS = [
  {
    rule: 'eslint(no-restricted-properties)',
    at: FEATURE,
    bad: 'export const port = process.env.PORT;',
    good: 'export const portOf = (config: { PORT: number }) => config.PORT;',
    elsewhere: 'server/src/main.ts',
  },
  {
    rule: 'eslint(no-restricted-imports)',
    at: 'sdk/src/settings.ts',
    bad: "import { env } from 'node:process';\nexport const port = env.PORT;",
    good: 'export const portOf = (options: { port: number }) => options.port;',
    elsewhere: 'bench/src/settings.ts',
  },
  {
    rule: 'eslint(no-restricted-properties)',
    at: FEATURE,
    bad: 'export const at = Date.now();',
    good: 'export const at = (clock: { now(): Date }) => clock.now().getTime();',
    elsewhere: PLATFORM,
  },
  {
    rule: 'parley(no-ambient-date)',
    at: FEATURE,
    bad: 'export const at = new Date();',
    good: 'export const at = (seconds: number) => new Date(seconds * 1_000);',
    elsewhere: PLATFORM,
  },
  {
    rule: 'eslint(no-restricted-properties)',
    at: FEATURE,
    bad: 'export const key = Math.random();',
    good: 'export const nearest = Math.round(0.5);',
    elsewhere: SPEC,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    at: FEATURE,
    bad: "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();",
    good: "import { timingSafeEqual } from 'node:crypto';\nexport const same = timingSafeEqual;",
    elsewhere: PLATFORM,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    at: FEATURE,
    bad: "import { v4 } from 'uuid';\nexport const id = v4();",
    good: "import { newId } from '../platform/ids.js';\nexport const id = newId();",
    elsewhere: PLATFORM,
  },
  {
    rule: 'eslint(no-restricted-globals)',
    at: FEATURE,
    bad: 'export const id = crypto.randomUUID();',
    good: "import { newId } from '../platform/ids.js';\nexport const id = newId();",
    elsewhere: SPEC,
  },
  {
    rule: 'eslint(no-restricted-globals)',
    at: FEATURE,
    bad: "export const greet = () => fetch('http://localhost');",
    good: 'export const greet = (mailer: { send(): Promise<void> }) => mailer.send();',
    elsewhere: PLATFORM,
  },
  {
    rule: 'eslint(no-console)',
    at: PLATFORM,
    bad: "console.log('hello');",
    good: "export const greet = (log: { info(text: string): void }) => log.info('hello');",
    elsewhere: 'bench/src/greet.ts',
  },
  {
    rule: 'typescript(no-explicit-any)',
    at: FEATURE,
    bad: 'export const read = (input: any) => String(input);',
    good: 'export const read = (input: unknown) => String(input);',
  },
  {
    rule: 'typescript(no-non-null-assertion)',
    at: FEATURE,
    bad: 'export const first = (names: readonly string[]) => names[0]!.length;',
    good: 'export class Row {\n  name!: string;\n}',
  },
  {
    rule: 'typescript(no-floating-promises)',
    at: FEATURE,
    bad: 'export function greet(send: () => Promise<void>): void {\n  send();\n}',
    good: 'export async function greet(send: () => Promise<void>): Promise<void> {\n  await send();\n}',
  },
  {
    rule: 'typescript(await-thenable)',
    at: FEATURE,
    bad: 'export const greet = async (name: string) => await name;',
    good: 'export const greet = async (name: Promise<string>) => await name;',
  },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    at: FEATURE,
    bad: "export function rank(role: 'owner' | 'member'): void {\n  switch (role) {\n    case 'owner':\n      return;\n  }\n}",
    good: "export function rank(role: 'owner' | 'member'): void {\n  switch (role) {\n    case 'owner':\n    case 'member':\n      return;\n  }\n}",
  },
];

const root = join(import.meta.dirname, '../..');
const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint');

/** Lints files (by path) in a directory of their own; answers `path rule` for each report. */
async function lint(files) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-bans-'));
  try {
    await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
    await cp(import.meta.dirname, join(directory, 'scripts/lint'), { recursive: true });
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
    await writeFile(
      join(directory, 'tsconfig.json'),
      '{ "compilerOptions": { "strict": true, "module": "nodenext", "lib": ["es2024", "dom"], "types": [] } }',
    );
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), `${text}\n`);
    }
    // By name, so that the linked node_modules are left alone.
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0]))];
    const options = { cwd: directory, timeout: 60_000 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [oxlint, '--format=json', ...folders],
      options,
    ).catch((reported) => reported);
    return JSON.parse(stdout).diagnostics.map(({ filename, code }) => `${filename} ${code}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// All samples are linted in one go, each in a file of its own.
const numbered = (path, number) => path.replace(/\/([^/]+)$/, `/${number}-$1`);
const samples = BANS.flatMap(({ rule, at, bad, good, elsewhere }, number) => [
  { path: numbered(at, `${number}-bad`), text: bad, expected: rule },
  { path: numbered(at, `${number}-good`), text: good, expected: null },
  ...(elsewhere ? [{ path: elsewhereOf(elsewhere, number), text: bad, expected: null }] : []),
]);

/** main.ts is one file by name; every other place is a folder. */
function elsewhereOf(path, number) {
  return path.endsWith('/main.ts') ? path : numbered(path, `${number}-elsewhere`);
}

const reports = await lint(Object.fromEntries(samples.map(({ path, text }) => [path, text])));
const wrong = samples.filter(({ path, expected }) => {
  const found = reports.filter((report) => report.startsWith(`${path} `));
  return expected ? !found.includes(`${path} ${expected}`) : found.length > 0;
});
for (const { path, text, expected } of wrong) {
  const found = reports.filter((report) => report.startsWith(`${path} `));
  process.stderr.write(
    `\n${expected ? `${expected} should report` : 'nothing should be reported of'} ${path}:\n${text}\n${found.join('\n')}\n`,
  );
}
process.stdout.write(`lint bans: ${samples.length - wrong.length} of ${samples.length} samples as expected\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
