import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['source'] };
const ssr = { resolve };
/** Real processes start, stop and recover in some of these. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Four kinds of test, told by suffix: pure, on a real PostgreSQL, against a running server, and in a real browser. */
export default defineConfig({
  test: {
    // Most of the time a test waits for a process of its own: more of them than processors keep the processors busy.
    maxWorkers: 4,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          // Some try thousands of cases; on a busy machine that takes a while.
          testTimeout: 30_000,
          include: ['{protocol,sdk,server,web,e2e,bench}/**/*.spec.ts'],
          exclude: ['**/{dist,node_modules}/**'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          include: ['server/src/**/*.int.ts'],
          globalSetup: ['server/src/platform/testing/postgres.setup.ts'],
          ...patient,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          exclude: ['**/{dist,node_modules}/**'],
          globalSetup: ['server/src/platform/testing/postgres.setup.ts'],
          ...patient,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'browser',
          include: ['web/e2e/**/*.browser.ts'],
          // After all others, and few at a time: a browser keeps the processors busy by itself.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
