import { parseArgs } from 'node:util';
import { fanout } from './fanout.js';
import { idle } from './idle.js';
import { latency } from './latency.js';
import { send } from './send.js';
import { start } from './start.js';

const USAGE = `npm run bench -- <scenario> [options]

send     [--pairs 400] [--in-flight 8] [--size 100] [--seconds 10] [--warm-up 4] [--rounds 2]
         [--mark-read-ms 1000 (0: never)] [--profile]
latency  [--pairs 400] [--rate 2000] [--quiet-seconds 30] [--size 100] [--seconds 10] [--warm-up 4]
fanout   [--members 1000] [--size 100] [--seconds 10] [--warm-up 4] [--rounds 2]
idle     [--connections 2000]
start    [--times 3]

All take --seed (1).`;

const OPTIONS = {
  pairs: { type: 'string', default: '400' },
  'in-flight': { type: 'string', default: '8' },
  size: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '10' },
  'warm-up': { type: 'string', default: '4' },
  rounds: { type: 'string', default: '2' },
  'mark-read-ms': { type: 'string', default: '1000' },
  rate: { type: 'string', default: '2000' },
  'quiet-seconds': { type: 'string', default: '30' },
  members: { type: 'string', default: '1000' },
  profile: { type: 'boolean', default: false },
  connections: { type: 'string', default: '2000' },
  times: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
} as const;

/** No run may load the machine for longer than this. */
const MAX_SECONDS = 300;
/** Enough that speaker and members need not wait for one another. */
const FANOUT_IN_FLIGHT = 4;

function whole(text: string, max = 100_000): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max) throw new Error(`${text} is not a number from 0 to ${max}`);
  return value;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const common = {
    seed: whole(values.seed),
    size: whole(values.size, 16_384),
    seconds: whole(values.seconds, MAX_SECONDS),
    warmUpSeconds: whole(values['warm-up'], MAX_SECONDS),
  };
  const { seed } = common;
  const pairs = whole(values.pairs);
  const rounds = whole(values.rounds, 20);
  const markReadEveryMs = whole(values['mark-read-ms']);
  const scenarios: Readonly<Record<string, () => Promise<void>>> = {
    send: () => {
      const pace = { inFlight: whole(values['in-flight']) };
      return send({ ...common, pairs, rounds, markReadEveryMs, pace, profile: values.profile });
    },
    latency: () => {
      const quietSeconds = whole(values['quiet-seconds'], MAX_SECONDS);
      return latency({ ...common, pairs, markReadEveryMs, rate: whole(values.rate), quietSeconds });
    },
    fanout: () => fanout({ ...common, members: whole(values.members), rounds, inFlight: FANOUT_IN_FLIGHT }),
    idle: () => idle({ connections: whole(values.connections), seed }),
    start: () => start({ times: whole(values.times, 20), seed }),
  };
  const scenario = scenarios[positionals.join(' ')];
  if (scenario) return scenario();
  console.log(USAGE);
  process.exitCode = 2;
}

await main();
