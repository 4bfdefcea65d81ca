import { parseArgs } from 'node:util';

export interface ReplayOptions {
  readonly mode: 'replay';
  /** Path of the log; the conversation that ships when null. */
  readonly log: string | null;
  readonly url: string;
  /** How many times faster than the log's clock; null is as fast as it goes. */
  readonly speed: number | null;
  readonly inOrder: boolean;
  /** Whether the room is to be looked at in a browser afterwards. */
  readonly isOpen: boolean;
}

export type Options = ReplayOptions | { readonly mode: 'chat'; readonly url: string } | { readonly mode: 'help' };

/** What was asked for makes no sense; the message says why. */
export class UsageError extends Error {}

export const USAGE = `npm run demo -- [log] [options]

  Replays a chat log: every person of it becomes a user with a socket of their own. At the end the conversation is
  read back by several members and compared with the log, byte for byte.

  log                      a raw IRC log; without one, the conversation that ships with Parley

  --url <address>          server to use when one answers there (http://localhost:3000); else one is started for the run
  --speed <n>              by the log's own clock, n times as fast; without it, as fast as the server takes it
  --in-order               each line waits until the one before is acknowledged, so that the room reads like the log
  --open                   afterwards the room stays, and you are told how to open it in a browser
  --users 2 --interactive  two people side by side in this terminal, for you to type
  --help                   this text

  Exit codes: 0 all arrived, 1 something did not, 2 wrong usage.`;

const OPTIONS = {
  url: { type: 'string', default: 'http://localhost:3000' },
  speed: { type: 'string' },
  'in-order': { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  users: { type: 'string' },
  interactive: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; throws a `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  if (values.help) return { mode: 'help' };
  const url = addressIn(values.url);
  if (values.interactive || values.users !== undefined) {
    if (!values.interactive) throw new UsageError('--users is for --interactive: a log brings its own people.');
    if ((values.users ?? '2') !== '2') throw new UsageError('--interactive has room for exactly 2 users.');
    if (positionals.length > 0 || values.speed !== undefined || values['in-order'] || values.open) {
      throw new UsageError('--interactive takes no log, --speed, --in-order or --open.');
    }
    return { mode: 'chat', url };
  }
  if (positionals.length > 1) throw new UsageError('Only one log can be replayed at a time.');
  const speed = values.speed === undefined ? null : speedIn(values.speed);
  return { mode: 'replay', log: positionals[0] ?? null, url, speed, inOrder: values['in-order'], isOpen: values.open };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function addressIn(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new UsageError(`${text} is no http address.`);
  return text.replace(/\/+$/, '');
}

function speedIn(text: string): number {
  const speed = Number(text);
  if (text.trim() === '' || !Number.isFinite(speed) || speed <= 0) {
    throw new UsageError(`--speed takes a number above 0, not ${text}.`);
  }
  return speed;
}
