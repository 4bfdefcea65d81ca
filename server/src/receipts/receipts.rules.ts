/** Where a person's marks stood and stand, and whether others may know what was read. */
export interface Move {
  readonly readBefore: number;
  readonly deliveredBefore: number;
  readonly lastReadSeq: number;
  readonly lastDeliveredSeq: number;
  readonly isSharing: boolean;
}

export const hasMoved = (move: Move): boolean =>
  move.lastReadSeq > move.readBefore || move.lastDeliveredSeq > move.deliveredBefore;

/** Whether there is anything in it for the others of a group. What says nothing new would still say that something was read. */
export const isNews = (move: Move): boolean =>
  move.lastDeliveredSeq > move.deliveredBefore || (move.lastReadSeq > move.readBefore && move.isSharing);
