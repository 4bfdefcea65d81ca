import type { Message, Seat } from '@parley/protocol';

/** One message that somebody tried to send, in the order of their trying. */
export interface Attempt {
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly content: string;
  /** What the server acknowledged; null when the outcome is unknown. */
  readonly acked: { readonly id: string; readonly seq: number } | null;
}

/** What happened in one conversation, as its people saw it. */
export interface Observation {
  /** Each sender's attempts stand in the order in which that sender made them. */
  readonly attempts: readonly Attempt[];
  /** The whole history as paged by each of several members, by their name. */
  readonly histories: ReadonlyMap<string, readonly Message[]>;
  /** The place of each of these members; those not named see everything, and their counts are not asked for. */
  readonly seats?: ReadonlyMap<string, SeenSeat>;
  /** What reached each socket, in order of arrival, by its owner's name. */
  readonly live: ReadonlyMap<string, readonly Message[]>;
  /** Positions each owner of a socket was entitled to receive live; those not named here are not asked for. */
  readonly mustBeLive?: ReadonlyMap<string, readonly number[]>;
}

/** What a member is told of their own place. */
export type SeenSeat = { readonly userId: string } & Pick<
  Seat,
  'visibleFromSeq' | 'lastReadSeq' | 'unreadCount' | 'mentionCount'
>;

/** The invariants of the project that one conversation can show to be broken. */
export type Invariant =
  | 'I-1 durable ack'
  | 'I-2 exactly once'
  | 'I-3 one order'
  | 'I-4 sender order'
  | 'I-6 live'
  | 'I-7 no phantom'
  | 'I-8 unread';

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

const keyOf = (of: { senderId: string; clientMessageId: string | null }): string =>
  `${of.senderId} ${of.clientMessageId ?? ''}`;

/** Decides whether a conversation kept its promises; an empty list means that it did. */
export function check(seen: Observation): Violation[] {
  return [...seen.histories]
    .flatMap(([member, history]) => [
      ...acksAreDurable(seen, member, history),
      ...storedOnce(member, history),
      ...oneOrder(seen, member, history),
      ...sendersInOrder(seen, member, history),
      ...noPhantoms(seen, member, history),
      ...countsAreExact(seen, member, history),
    ])
    .concat([...seen.live].flatMap(([owner, messages]) => liveMatches(seen, owner, messages)));
}

const firstSeqOf = ({ seats }: Observation, member: string): number => seats?.get(member)?.visibleFromSeq ?? 1;

/** Whether a message need not say any more what was sent: it shows that itself. */
const isChanged = ({ isEdited, deletedAt, isHidden }: Message): boolean =>
  isEdited || deletedAt !== null || isHidden === true;

function acksAreDurable(seen: Observation, member: string, history: readonly Message[]): Violation[] {
  const byId = new Map(history.map((message) => [message.id, message]));
  return seen.attempts.flatMap((attempt): Violation[] => {
    if (!attempt.acked || attempt.acked.seq < firstSeqOf(seen, member)) return [];
    const stored = byId.get(attempt.acked.id);
    const invariant = 'I-1 durable ack';
    const where = `message ${attempt.acked.seq} (${attempt.acked.id}) as ${member} reads it`;
    if (!stored) return [{ invariant, detail: `lost: ${where}` }];
    if (stored.content !== attempt.content && !isChanged(stored)) return [{ invariant, detail: `altered: ${where}` }];
    if (stored.seq !== attempt.acked.seq) return [{ invariant, detail: `moved to ${stored.seq}: ${where}` }];
    return [];
  });
}

function storedOnce(member: string, history: readonly Message[]): Violation[] {
  const named = history.filter((message) => message.clientMessageId !== null);
  const counts = new Map<string, number>();
  for (const message of named) counts.set(keyOf(message), (counts.get(keyOf(message)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => ({
      invariant: 'I-2 exactly once',
      detail: `${key} stands ${count} times as ${member} reads it`,
    }));
}

function oneOrder(seen: Observation, member: string, history: readonly Message[]): Violation[] {
  const { histories } = seen;
  const invariant = 'I-3 one order';
  const from = firstSeqOf(seen, member);
  const hole = history.find((message, index) => message.seq !== index + from);
  const violations: Violation[] = hole
    ? [{ invariant, detail: `hole or disorder before ${hole.seq} as ${member} reads it` }]
    : [];
  const [[firstMember, first] = ['', []]] = histories;
  // Both are compared from where the later of the two begins.
  const [mine, others] = [history, first].map((list) =>
    list.filter(({ seq }) => seq >= Math.max(from, firstSeqOf(seen, firstMember))).map(({ id }) => id),
  );
  const differs = String(mine) !== String(others);
  if (differs) violations.push({ invariant, detail: `${member} reads another list than ${firstMember}` });
  return violations;
}

function sendersInOrder({ attempts }: Observation, member: string, history: readonly Message[]): Violation[] {
  const seqOf = new Map(history.map((message) => [keyOf(message), message.seq]));
  const last = new Map<string, number>();
  return attempts.flatMap((attempt): Violation[] => {
    const seq = seqOf.get(keyOf(attempt));
    if (seq === undefined) return [];
    const before = last.get(attempt.senderId) ?? 0;
    last.set(attempt.senderId, Math.max(seq, before));
    if (seq > before) return [];
    return [
      {
        invariant: 'I-4 sender order',
        detail: `${keyOf(attempt)} stands at ${seq}, before ${before}, as ${member} reads it`,
      },
    ];
  });
}

function noPhantoms({ attempts }: Observation, member: string, history: readonly Message[]): Violation[] {
  const tried = new Set(attempts.map(keyOf));
  return history
    .filter((message) => message.messageType !== 'system' && !tried.has(keyOf(message)))
    .map((message) => ({
      invariant: 'I-7 no phantom',
      detail: `nobody sent message ${message.seq} that ${member} reads`,
    }));
}

/** Unread is what lies behind the read mark, was written by others and is neither deleted nor hidden. */
function countsAreExact({ seats }: Observation, member: string, history: readonly Message[]): Violation[] {
  const seat = seats?.get(member);
  if (!seat) return [];
  const unread = history.filter(
    ({ seq, senderId, deletedAt, isHidden }) =>
      seq > seat.lastReadSeq && senderId !== seat.userId && deletedAt === null && !isHidden,
  );
  const isMeant = ({ userId }: Message['mentions'][number]) => userId === null || userId === seat.userId;
  const mentioning = unread.filter(({ mentions }) => mentions.some(isMeant));
  const isExact = unread.length === seat.unreadCount && mentioning.length === seat.mentionCount;
  if (isExact) return [];
  const [told, found] = [
    `${seat.unreadCount} unread, ${seat.mentionCount} of them mentions`,
    `${unread.length} and ${mentioning.length}`,
  ];
  return [{ invariant: 'I-8 unread', detail: `${member} is told of ${told}; the history has ${found}` }];
}

function liveMatches({ histories, mustBeLive }: Observation, owner: string, received: readonly Message[]): Violation[] {
  const [history = []] = histories.values();
  const stored = new Map(history.map((message) => [message.id, message]));
  const ghosts = received
    .filter((message) => JSON.stringify(stored.get(message.id)) !== JSON.stringify(message))
    .map((message): Violation => ({
      invariant: 'I-7 no phantom',
      detail: `${owner} was told of message ${message.seq} otherwise than it is stored`,
    }));
  const counts = new Map<number, number>();
  for (const { seq } of received) counts.set(seq, (counts.get(seq) ?? 0) + 1);
  const doubled = [...counts].filter(([, count]) => count > 1);
  const missing = (mustBeLive?.get(owner) ?? []).filter((seq) => !counts.has(seq));
  return [
    ...ghosts,
    ...doubled.map(([seq]): Violation => ({
      invariant: 'I-6 live',
      detail: `${owner} was told of message ${seq} twice`,
    })),
    ...missing.map((seq): Violation => ({
      invariant: 'I-6 live',
      detail: `${owner} was never told of message ${seq}`,
    })),
  ];
}
