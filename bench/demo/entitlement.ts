/** What a socket had to be told, and what it must not have been told, by the conversation's own record of its members. */
import type { Message } from '@parley/sdk';

/** What one member's socket saw. */
export interface Witness {
  readonly name: string;
  readonly userId: string;
  readonly isFromStart: boolean;
  /** The conversation's last position each time it was shown to this newcomer. */
  readonly entries: readonly number[];
  readonly live: readonly Message[];
  /** Those of them that came between asking to leave and being let in again. */
  readonly whileOut: readonly Message[];
}

/** A stay in the room: from the notice that lets somebody in (0 for those of the beginning) to their leave notice. */
interface Stay {
  readonly from: number;
  readonly to: number | null;
}

function staysOf({ userId, isFromStart }: Witness, history: readonly Message[]): Stay[] {
  const stays: Stay[] = isFromStart ? [{ from: 0, to: null }] : [];
  for (const { messageType, metadata, seq } of history) {
    if (messageType !== 'system') continue;
    const { event, userIds } = metadata;
    const isIn = stays.at(-1)?.to === null;
    if (event === 'participants_added' && Array.isArray(userIds) && userIds.includes(userId) && !isIn) {
      stays.push({ from: seq, to: null });
    } else if (
      (event === 'participant_left' || event === 'participant_removed') &&
      metadata.userId === userId &&
      isIn
    ) {
      stays.push({ from: stays.pop()?.from ?? 0, to: seq });
    }
  }
  return stays;
}

/**
 * Positions that must have arrived: all after what was the last one when the conversation was shown to a newcomer. Of a
 * stay that ended, the texts before the last arrival: what was on its way when they left may or may not have come, and
 * notices of comings can be on their way for a while.
 */
export function entitledTo(witness: Witness, history: readonly Message[]): number[] {
  const stays = staysOf(witness, history);
  return stays.flatMap(({ from, to }, index) => {
    const until = stays[index + 1]?.from ?? Infinity;
    const known = from === 0 ? 0 : witness.entries.find((lastSeq) => lastSeq >= from && lastSeq < until);
    if (known === undefined) return [];
    const end = to === null ? (history.at(-1)?.seq ?? 0) : lastWithin(witness, from, to);
    const positions = Array.from({ length: Math.max(0, end - known) }, (_, place) => known + place + 1);
    return to === null ? positions : positions.filter((seq) => history[seq - 1]?.messageType === 'text');
  });
}

function lastWithin({ live }: Witness, from: number, to: number): number {
  let last = 0;
  for (const { seq } of live) if (seq > last && seq >= from && seq < to) last = seq;
  return last;
}

/**
 * Messages that reached somebody who was out and were written after they had left. Once let in again they may read
 * everything, so that what comes late then is no fault.
 */
export function strayFor(witness: Witness, history: readonly Message[]): Message[] {
  const stays = staysOf(witness, history);
  const absences = stays.flatMap(({ to }, index) =>
    to === null ? [] : [{ after: to, before: stays[index + 1]?.from ?? Infinity }],
  );
  return witness.whileOut.filter(({ seq }) => absences.some(({ after, before }) => seq > after && seq < before));
}
