import { runDemo } from './demo.js';
import { chat } from './interactive.js';
import { parseOptions, USAGE, UsageError } from './options.js';
import { ServerGone } from './server.js';

const MISMATCH = 1;
const WRONG_USAGE = 2;
/** What shells say of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

async function run(interrupt: AbortSignal): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  switch (options.mode) {
    case 'help':
      console.log(USAGE);
      return 0;
    case 'chat':
      await chat(options.url, interrupt);
      return 0;
    case 'replay':
      return (await runDemo(options, interrupt)) ? 0 : MISMATCH;
  }
}

async function main(): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!interrupt.signal.aborted) process.stderr.write('\nStopping …\n');
      interrupt.abort(new Error(signal));
    });
  }
  try {
    process.exitCode = await run(interrupt.signal);
  } catch (error) {
    process.exitCode = explain(error, interrupt.signal);
  }
}

function explain(error: unknown, interrupt: AbortSignal): number {
  if (interrupt.aborted) return INTERRUPTED;
  const isUsage = error instanceof UsageError;
  const isExplained = isUsage || error instanceof ServerGone;
  const text = error instanceof Error ? (isExplained ? error.message : error.stack) : String(error);
  process.stderr.write(`\n${text}\n${isUsage ? '\nnpm run demo -- --help tells more.\n' : ''}`);
  return isUsage ? WRONG_USAGE : MISMATCH;
}

await main();
