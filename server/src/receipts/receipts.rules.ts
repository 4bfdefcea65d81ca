import type { Conversation } from '@parley/protocol';

/** Where a person's marks stood and stand, and who lets whom know. */
export interface Move {
  readonly readBefore: number;
  readonly deliveredBefore: number;
  readonly lastReadSeq: number;
  readonly lastDeliveredSeq: number;
  readonly isSharing: boolean;
  readonly type: Conversation['type'];
  readonly isPeerSharing: boolean | null;
}

export const hasMoved = (move: Move): boolean =>
  move.lastReadSeq > move.readBefore || move.lastDeliveredSeq > move.deliveredBefore;

/**
 * Whether there is anything in it for others. A receipt that says nothing new would still say that something was read.
 */
export function isNews(move: Move): boolean {
  if (move.lastDeliveredSeq > move.deliveredBefore) return true;
  if (move.lastReadSeq === move.readBefore || !move.isSharing) return false;
  return move.type !== 'direct' || move.isPeerSharing === true;
}
