/**
 * `npm test`: every test that needs nothing but Node, on a fresh build. Ends with what was left out and why, and with
 * one line of figures. Arguments go to Vitest: `npm test -- server/src/messages`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

async function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Why a test was left out, as its title says in brackets: "(skipped where …)" or "(needs …)". */
const reasonOf = ({ fullName }) =>
  /\((skipped [^()]+|needs [^()]+)\)/.exec(fullName)?.[1] ?? 'its title gives no reason';

/** A component that `.ci/run` installs must not be missing there; data from outside the repository may. */
const isFault = (test) => Boolean(process.env.CI) && !reasonOf(test).startsWith('skipped ');

function leftOut(skipped) {
  if (skipped.length === 0) return 'Left out: nothing.';
  const parts = [...countBy(skipped, reasonOf)].map(([reason, count]) => `${count} (${reason})`);
  return `Left out: ${parts.join(', ')}.`;
}

function countBy(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** A file that could not be loaded has failed, though none of its tests has run. */
function failuresOf({ testResults, numFailedTests }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  for (const { name, message } of broken) {
    process.stdout.write(`Could not be run: ${relative(root, name)}: ${message.split('\n')[0]}\n`);
  }
  return numFailedTests + broken.length;
}

const reports = await mkdtemp(join(tmpdir(), 'parley-report-'));
try {
  const built = await run('npm', ['run', '--silent', 'build']);
  if (built !== 0) {
    process.stdout.write('The build failed, so no test was run.\n0 passed, 1 failed\n');
    process.exitCode = 1;
  } else {
    const file = join(reports, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await run('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)]);
    const report = JSON.parse(await readFile(file, 'utf8'));
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
    // Vitest also fails for what happened outside of any test, such as an unhandled rejection.
    const missing = skipped.filter(isFault).length;
    const failed = Math.max(failuresOf(report), code === 0 ? 0 : 1) + missing;
    process.stdout.write(`${leftOut(skipped)}\n`);
    const rest = skipped.length > missing ? `, ${skipped.length - missing} skipped` : '';
    process.stdout.write(`${report.numPassedTests} passed, ${failed} failed${rest}\n`);
    process.exitCode = failed > 0 ? 1 : 0;
  }
} finally {
  await rm(reports, { recursive: true, force: true });
}
