/** What a replay was like, for people to read. */
import type { Message } from '@parley/sdk';
import { cut, printable } from './terminal-width.js';
import type { Timing } from './stopwatch.js';
import { FAULTS, type Verdict } from './verdict.js';

export interface Facts {
  readonly log: string;
  readonly server: string;
  readonly pace: string;
  readonly people: number;
  readonly starters: number;
  readonly steps: Readonly<Record<'join' | 'leave' | 'rename' | 'say', number>>;
  readonly emptyLines: number;
  readonly otherLines: number;
  readonly allLines: number;
  readonly acked: number;
  /** How many messages each person's socket was told of. */
  readonly live: readonly number[];
  /** Told of after a later one; a client sorts these by their position. */
  readonly late: number;
  readonly readers: number;
  readonly stored: number;
  readonly timing: Timing;
  readonly verdict: Verdict;
  /** The conversation's end, with the names to show. */
  readonly taste: readonly { readonly name: string; readonly message: Message }[];
}

const SHOWN = 20;
const LABEL = 18;

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;
const row = (label: string, value: string): string => `  ${label.padEnd(LABEL)}  ${value}`;

export function reportOf(facts: Facts, columns: number): string {
  const { verdict } = facts;
  return [
    '',
    ...conversationRows(facts),
    '',
    ...arrivalRows(facts),
    '',
    ...timingRows(facts.timing),
    '',
    '  How it ended',
    ...facts.taste.map((line) => tasteLine(line, columns)),
    '',
    ...verdictLines(verdict),
    '',
  ].join('\n');
}

function conversationRows(facts: Facts): string[] {
  const { people, starters, steps, emptyLines, otherLines, allLines } = facts;
  const skipped = [
    ...(emptyLines > 0 ? [plural(emptyLines, 'empty line skipped', 'empty lines skipped')] : []),
    ...(otherLines > 0 ? [plural(otherLines, 'line about the room skipped', 'lines about the room skipped')] : []),
  ];
  return [
    row('log', facts.log),
    row('server', facts.server),
    row('pace', facts.pace),
    row('people', `${count(people)} and a host, ${count(starters)} of them there from the start`),
    row('sockets', count(people + 1)),
    row(
      'comings, goings',
      `${plural(steps.join, 'join')}, ${plural(steps.leave, 'leave')}, ${plural(steps.rename, 'rename')}`,
    ),
    row('lines', [`${count(allLines)} in the log, ${count(steps.say)} with a text`, ...skipped].join(', ')),
  ];
}

function arrivalRows({ acked, steps, live, late, readers, stored, verdict }: Facts): string[] {
  const sorted = [...live].sort((a, b) => a - b);
  const at = (share: number): string => count(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  const sum = live.reduce((total, one) => total + one, 0);
  return [
    row('sent, acknowledged', `${count(steps.say)}, ${count(acked)}`),
    row('received live', `${count(sum)}; by each ${at(0)} … ${at(1)}, median ${at(0.5)}`),
    ...(late > 0 ? [row('', `${count(late)} of these after a later one, to be sorted by position`)] : []),
    row(
      'history',
      `${plural(stored, 'message')}, read by ${count(readers)} members from both ends; identical: ${yes(verdict.isReadAlike)}`,
    ),
    row('byte for byte', `${count(verdict.sameBytes)} of ${count(steps.say)} texts as in the log`),
    row('faults', FAULTS.map((fault) => `${fault} ${count(verdict.faults[fault])}`).join(', ')),
  ];
}

const yes = (is: boolean): string => (is ? 'yes' : 'NO');

function timingRows({ ackMs, liveMs, seconds, messagesPerSecond, deliveriesPerSecond }: Timing): string[] {
  const cells = (values: readonly string[]): string => values.map((value) => value.padStart(10)).join('');
  const times = ({ p50, p95, p99 }: Timing['ackMs']): string =>
    cells([p50, p95, p99].map((ms) => `${ms.toFixed(1)} ms`));
  return [
    row('latency', cells(['p50', 'p95', 'p99'])),
    row('  to the ack', times(ackMs)),
    row('  to a socket', times(liveMs)),
    row(
      'rate',
      `${count(messagesPerSecond)} messages/s, ${count(deliveriesPerSecond)} deliveries/s, for ${seconds.toFixed(1)} s`,
    ),
  ];
}

function tasteLine({ name, message }: Facts['taste'][number], columns: number): string {
  const text = printable(message.content ?? '');
  const line = message.metadata.action === true ? `* ${printable(name)} ${text}` : `<${printable(name)}> ${text}`;
  return `    ${cut(line, columns - 4)}`;
}

function verdictLines({ violations }: Verdict): string[] {
  if (violations.length === 0) return ['  All of it arrived: nothing lost, doubled, altered, out of order or made up.'];
  return [
    `  ${plural(violations.length, 'violation')}:`,
    ...violations.slice(0, SHOWN).map((violation) => `    ${printable(violation)}`),
    ...(violations.length > SHOWN ? [`    and ${count(violations.length - SHOWN)} more`] : []),
  ];
}
