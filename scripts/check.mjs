/** `npm run check`: everything about the code that can be decided without running it. Tells all faults, not the first. */
import { spawnSync } from 'node:child_process';

const CHECKS = {
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['oxlint', '--type-aware'],
  'lint bans': ['node', 'scripts/lint/check-bans.mjs'],
  types: ['node', 'node_modules/typescript7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  dependencies: ['depcruise', '--config', 'depcruise.config.mjs', 'protocol/src', 'sdk', 'server/src', 'e2e', 'bench'],
  unused: ['knip', '--no-progress'],
  build: ['npm', 'run', '--silent', 'build'],
  generated: ['node', 'scripts/gen.mjs', '--check'],
};

const failed = [];
for (const [name, [command, ...args]] of Object.entries(CHECKS)) {
  const startedAt = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)}${seconds.padStart(6)} s\n`);
  const isWarned = /Found [1-9]\d* warning/.test(stdout);
  if (status !== 0) failed.push(name);
  else if (!isWarned) continue;
  process.stdout.write(`\n${[stdout, stderr, error?.message].filter(Boolean).join('\n').trim()}\n\n`);
}

process.stdout.write(failed.length > 0 ? `\ncheck failed: ${failed.join(', ')}\n` : '\ncheck passed\n');
process.exitCode = failed.length > 0 ? 1 : 0;
