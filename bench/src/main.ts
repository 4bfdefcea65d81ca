import { parseArgs } from 'node:util';
import { Archive } from './archive.js';
import { amount } from './archive-shape.js';
import { ejabberd } from './ejabberd.js';
import { fanout } from './fanout.js';
import { idle } from './idle.js';
import { latency } from './latency.js';
import { history, list } from './reading.js';
import { send } from './send.js';
import { signin } from './signin.js';
import { start } from './start.js';
import { round } from './statistics.js';
import { sync } from './sync.js';
import { web } from './web.js';
import { withServer } from './with-server.js';

const USAGE = `npm run bench -- <scenario> [options]

send     [--pairs 400] [--in-flight 8] [--size 100] [--seconds 10] [--warm-up 4] [--rounds 2]
         [--mark-read-ms 1000 (0: never)] [--profile]
ejabberd [--pairs 400] [--in-flight 8] [--size 100] [--seconds 10] [--warm-up 4]
latency  [--pairs 400] [--rate 2000] [--quiet-seconds 30] [--size 100] [--seconds 10] [--warm-up 4]
         [--mark-read-ms 1000] [--profile]
fanout   [--members 1000] [--size 100] [--seconds 10] [--warm-up 4] [--rounds 2]
idle     [--connections 2000]
history  [--messages 10M] [--pages 1000]
list     [--messages 10M] [--pages 1000]
sync     [--messages 10M] [--syncs 200] [--news 1000]
signin   [--sign-ins 200]
start    [--times 3]
web      [--minutes 10]  in a browser; needs Chromium
all      all of these in order; one archive serves history, list and sync

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
  messages: { type: 'string', default: '10M' },
  pages: { type: 'string', default: '1000' },
  syncs: { type: 'string', default: '200' },
  news: { type: 'string', default: '1000' },
  'sign-ins': { type: 'string', default: '200' },
  times: { type: 'string', default: '3' },
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
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

type Scenarios<Given extends readonly unknown[]> = Readonly<Record<string, (...given: Given) => Promise<void>>>;

/** One after the other; one that fails is told and does not keep the others from running. */
async function runAll<Given extends readonly unknown[]>(scenarios: Scenarios<Given>, ...given: Given): Promise<void> {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const startedAt = performance.now();
    console.log(`— ${name}`);
    try {
      await scenario(...given);
      console.log(`  ${round((performance.now() - startedAt) / 1_000)} s`);
    } catch (error) {
      console.error(`FAILED ${name}:`, error);
      process.exitCode = 1;
    }
  }
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
  const inFlight = whole(values['in-flight']);
  const markReadEveryMs = whole(values['mark-read-ms']);
  const pages = whole(values.pages);
  /** Each with a server of its own. */
  const alone: Scenarios<[]> = {
    send: () => send({ ...common, pairs, rounds, markReadEveryMs, pace: { inFlight }, profile: values.profile }),
    ejabberd: () => ejabberd({ ...common, pairs, markReadEveryMs, inFlight }),
    latency: () => {
      const quietSeconds = whole(values['quiet-seconds'], MAX_SECONDS);
      return latency({
        ...common,
        pairs,
        markReadEveryMs,
        rate: whole(values.rate),
        quietSeconds,
        profile: values.profile,
      });
    },
    fanout: () => fanout({ ...common, members: whole(values.members), rounds, inFlight: FANOUT_IN_FLIGHT }),
    idle: () => idle({ connections: whole(values.connections), seed }),
    signin: () => signin({ times: whole(values['sign-ins']), seed }),
    start: () => start({ times: whole(values.times, 20), seed }),
    web: () => web({ minutes: whole(values.minutes, 60), seed }),
  };
  /** These share an archive, which takes longer to make than to measure. */
  const inArchive: Scenarios<[Archive]> = {
    history: (archive) => history(archive, { pages }),
    list: (archive) => list(archive, { pages }),
    sync: (archive) => sync(archive, { times: whole(values.syncs), news: whole(values.news) }),
  };
  const withArchive = (work: (archive: Archive) => Promise<void>): Promise<void> =>
    withServer(async (server, postgres) => {
      await work(await Archive.begin(server, postgres, { messages: amount(values.messages), seed }));
    });

  const name = positionals.join(' ');
  const [one, oneInArchive] = [alone[name], inArchive[name]];
  if (one) return one();
  if (oneInArchive) return withArchive(oneInArchive);
  if (name === 'all') {
    await runAll(alone);
    return withArchive((archive) => runAll(inArchive, archive));
  }
  console.log(USAGE);
  if (!values.help) process.exitCode = 2;
}

await main();
