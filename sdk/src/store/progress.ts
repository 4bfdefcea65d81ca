import type { SyncCursor } from '@parley/protocol';

/**
 * How much of a conversation is known without a gap: every message up to `seq`, with every change up to `rev`. What was
 * heard beyond a gap waits for what lies before it.
 */
export interface Progress extends SyncCursor {
  /** Changes heard of that are not next. */
  readonly revs: ReadonlySet<number>;
  /** New messages heard of that are not next, each with the change that made it. */
  readonly seqs: ReadonlyMap<number, number>;
  /** The change up to which the last sync told all: of a message that is older than this, changes may be missing. */
  readonly base: number;
}

const NO_REVS: ReadonlySet<number> = new Set();
const NO_SEQS: ReadonlyMap<number, number> = new Map();

export const startAt = ({ seq, rev }: SyncCursor): Progress => ({
  seq,
  rev,
  revs: NO_REVS,
  seqs: NO_SEQS,
  base: rev,
});

export const hasGap = ({ revs, seqs }: Progress): boolean => revs.size > 0 || seqs.size > 0;

/** A live event has told of the change `rev`; `newSeq` is the message that it has brought. */
export function afterEvent(progress: Progress, rev: number, newSeq?: number): Progress {
  const isNewRev = rev > progress.rev;
  const isNewSeq = newSeq !== undefined && newSeq > progress.seq && rev > progress.base;
  if (!isNewRev && !isNewSeq) return progress;
  return advance({
    ...progress,
    revs: isNewRev ? new Set([...progress.revs, rev]) : progress.revs,
    seqs: isNewSeq ? new Map([...progress.seqs, [newSeq, rev]]) : progress.seqs,
  });
}

/**
 * A sync has told of everything up to `cursor`. Where it reaches beyond what events have told, it alone counts: a message
 * that came live may have changed since, which the next answer says. Where events reach further, they go on from it.
 */
export function afterSync(progress: Progress, { seq, rev }: SyncCursor): Progress {
  const isAhead = rev > progress.rev;
  const upTo = isAhead ? seq : Math.max(seq, progress.seq);
  return advance({
    seq: upTo,
    rev: Math.max(rev, progress.rev),
    base: Math.max(rev, progress.base),
    revs: new Set([...progress.revs].filter((heard) => heard > rev)),
    seqs: new Map([...progress.seqs].filter(([heard, madeBy]) => heard > upTo && madeBy > rev)),
  });
}

function advance(progress: Progress): Progress {
  const revs = new Set(progress.revs);
  const seqs = new Map(progress.seqs);
  let { rev, seq } = progress;
  while (revs.delete(rev + 1)) rev += 1;
  while (seqs.delete(seq + 1)) seq += 1;
  return { ...progress, rev, seq, revs: revs.size ? revs : NO_REVS, seqs: seqs.size ? seqs : NO_SEQS };
}

/** The same for a person's own inbox, whose changes have one number. */
export interface InboxProgress {
  readonly rev: number;
  readonly ahead: ReadonlySet<number>;
}

export const inboxAt = (rev: number): InboxProgress => ({ rev, ahead: NO_REVS });

export function inboxAfterEvent(inbox: InboxProgress, heard: number): InboxProgress {
  if (heard <= inbox.rev) return inbox;
  return advanceInbox(inbox.rev, new Set([...inbox.ahead, heard]));
}

export function inboxAfterSync(inbox: InboxProgress, rev: number): InboxProgress {
  if (rev <= inbox.rev) return inbox;
  return advanceInbox(rev, new Set([...inbox.ahead].filter((heard) => heard > rev)));
}

function advanceInbox(from: number, ahead: Set<number>): InboxProgress {
  let rev = from;
  while (ahead.delete(rev + 1)) rev += 1;
  return { rev, ahead: ahead.size ? ahead : NO_REVS };
}
