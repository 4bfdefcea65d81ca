import { parseArgs } from 'node:util';
import { idle } from './idle.js';
import { send } from './send.js';
import { start } from './start.js';

const USAGE = `npm run bench -- send  [--pairs 400] [--in-flight 8] [--size 100] [--seconds 20] [--warm-up 5]
                      [--rounds 2] [--mark-read-ms 1000 (0: never)] [--profile]
npm run bench -- idle  [--connections 2000]
npm run bench -- start [--times 3]
All take --seed (1).`;

const OPTIONS = {
  pairs: { type: 'string', default: '400' },
  'in-flight': { type: 'string', default: '8' },
  size: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '20' },
  'warm-up': { type: 'string', default: '5' },
  rounds: { type: 'string', default: '2' },
  'mark-read-ms': { type: 'string', default: '1000' },
  profile: { type: 'boolean', default: false },
  connections: { type: 'string', default: '2000' },
  times: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
} as const;

/** No run may load the machine for longer than this. */
const MAX_SECONDS = 300;

function whole(text: string, max = 100_000): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max) throw new Error(`${text} is not a number from 0 to ${max}`);
  return value;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const seed = whole(values.seed);
  switch (positionals.join(' ')) {
    case 'send':
      return send({
        pairs: whole(values.pairs),
        inFlight: whole(values['in-flight']),
        size: whole(values.size, 16_384),
        seconds: whole(values.seconds, MAX_SECONDS),
        warmUpSeconds: whole(values['warm-up'], MAX_SECONDS),
        rounds: whole(values.rounds, 20),
        markReadEveryMs: whole(values['mark-read-ms']),
        profile: values.profile,
        seed,
      });
    case 'idle':
      return idle({ connections: whole(values.connections), seed });
    case 'start':
      return start({ times: whole(values.times, 20), seed });
    default:
      console.log(USAGE);
      process.exitCode = 2;
  }
}

await main();
