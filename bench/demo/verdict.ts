/** Decides whether a replayed log arrived: as each member reads it, as each socket heard it, and byte for byte. */
import { type Attempt, check, type Violation } from '@parley/e2e/harness';
import type { Message } from '@parley/sdk';
import { entitledTo, strayFor, type Witness } from './entitlement.js';

/** One text of the log that was sent. */
export interface Line extends Attempt {
  readonly line: number;
  readonly nick: string;
  readonly isAction: boolean;
}

export interface Seen {
  /** In the order in which they were sent. */
  readonly lines: readonly Line[];
  /** The conversation as read by several members, from either end, by the reader's name. */
  readonly histories: ReadonlyMap<string, readonly Message[]>;
  readonly witnesses: readonly Witness[];
  /** Whether each line waited for the one before: then the room must read like the log. */
  readonly inOrder: boolean;
  /** What went wrong on the way. */
  readonly troubles: readonly string[];
}

export const FAULTS = ['lost', 'doubled', 'altered', 'out of order', 'phantom', 'not told', 'told while out'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Verdict {
  readonly faults: Readonly<Record<Fault, number>>;
  readonly sameBytes: number;
  readonly isReadAlike: boolean;
  readonly violations: readonly string[];
}

/** By what the checker says. */
const KINDS: readonly (readonly [RegExp, Fault])[] = [
  [/^lost:/, 'lost'],
  [/^altered:|otherwise than it is stored$/, 'altered'],
  [/ stands \d+ times|twice$/, 'doubled'],
  [/^moved to |^hole or disorder|reads another list| stands at \d+, before /, 'out of order'],
  [/^nobody sent /, 'phantom'],
  [/was never told of /, 'not told'],
];

export function judge(seen: Seen): Verdict {
  const [history = []] = seen.histories.values();
  const live = new Map(seen.witnesses.map((witness) => [witness.name, witness.live]));
  const mustBeLive = new Map(seen.witnesses.map((witness) => [witness.name, entitledTo(witness, history)]));
  const broken = once(check({ attempts: seen.lines, histories: seen.histories, live, mustBeLive }));
  const strays = seen.witnesses.flatMap((witness) =>
    strayFor(witness, history).map(({ seq }) => `${witness.name} was told of message ${seq} after leaving`),
  );
  const misplaced = seen.inOrder ? misplacedLines(seen.lines, history) : [];
  const different = differentLines(seen.lines, history);
  const isReadAlike = new Set([...seen.histories.values()].map((read) => JSON.stringify(read))).size <= 1;
  return {
    faults: {
      ...countFaults(broken),
      'told while out': strays.length,
      ...(misplaced.length > 0 && { 'out of order': misplaced.length }),
    },
    sameBytes: seen.lines.length - different.length,
    isReadAlike,
    violations: [
      ...seen.troubles,
      ...(isReadAlike ? [] : ['the members do not read the same conversation']),
      ...different,
      ...misplaced,
      ...strays,
      ...broken.map(({ invariant, detail }) => `${invariant}: ${detail}`),
    ],
  };
}

/** The checker says of each fault who reads it so. */
const READER = /,? (?:as \S+ \S+ reads it|that \S+ \S+ reads)$/;

/** One fault that several members read is one fault, told as the first of them reads it. */
function once(violations: readonly Violation[]): Violation[] {
  const faults = new Map<string, Violation>();
  for (const violation of violations) {
    const fault = violation.detail.replace(READER, '');
    if (!faults.has(fault)) faults.set(fault, violation);
  }
  return [...faults.values()];
}

function countFaults(violations: readonly Violation[]): Record<Fault, number> {
  const counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  for (const { detail } of violations) {
    const told = detail.replace(READER, '');
    const fault = KINDS.find(([pattern]) => pattern.test(told))?.[1];
    if (fault) counts[fault] += 1;
  }
  return counts;
}

function differentLines(lines: readonly Line[], history: readonly Message[]): string[] {
  const stored = new Map(history.map((message) => [`${message.senderId} ${message.clientMessageId}`, message]));
  return lines.flatMap(({ line, nick, content, isAction, senderId, clientMessageId }) => {
    const message = stored.get(`${senderId} ${clientMessageId}`);
    if (!message) return [`line ${line} by ${nick} is not in the conversation`];
    const [read, sent] = [Buffer.from(message.content ?? ''), Buffer.from(content)];
    if (Buffer.compare(read, sent) !== 0) {
      return [`line ${line} by ${nick}: ${read.length} bytes are stored that are not the log's ${sent.length}`];
    }
    return (message.metadata.action === true) === isAction ? [] : [`line ${line} by ${nick}: the metadata differ`];
  });
}

/** Lines that do not stand where the log has them; the first tells, all after it may only have moved along. */
function misplacedLines(lines: readonly Line[], history: readonly Message[]): string[] {
  const texts = history.filter(({ messageType }) => messageType === 'text');
  return lines
    .filter(({ clientMessageId }, place) => texts[place]?.clientMessageId !== clientMessageId)
    .map(({ line, nick }) => `line ${line} by ${nick} does not stand where the log has it`);
}
