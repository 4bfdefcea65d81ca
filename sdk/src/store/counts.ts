import type { Message } from '@parley/protocol';
import { placeOf } from './timeline.js';

/** What one change says of a message that somebody else wrote. */
interface Version {
  readonly rev: number;
  /** Whether this change has made the message. */
  readonly isNew: boolean;
  readonly isDeleted: boolean;
  readonly isEdited: boolean;
  readonly isMention: boolean;
}

/** An unread message of which events have told since the counts were read from the server. */
export interface Tracked {
  readonly seq: number;
  /** Ascending; begins with what the message was before the first event, where that is known. */
  readonly versions: readonly Version[];
}

/** What is to be added to counts that the server has told. */
export interface Delta {
  readonly unread: number;
  readonly mentions: number;
}

/** What the counts of the server hold for: everything up to the change `rev`, behind the read mark. */
export interface Counted {
  readonly rev: number;
  readonly lastReadSeq: number;
}

/** When so many unread messages are tracked the server counts them: what is kept of each must not add up for ever. */
export const MOST_TRACKED = 500;

export const NO_DELTA: Delta = { unread: 0, mentions: 0 };

const versionOf = (message: Message, isNew: boolean, userId: string): Version => ({
  rev: message.rev,
  isNew,
  isDeleted: message.deletedAt !== null,
  isEdited: message.isEdited,
  isMention: message.mentions.some((mention) => mention.userId === userId || mention.userId === null),
});

/** Keeps what an event says of a message; `held` is the message as it was known before. */
export function track(
  tracked: readonly Tracked[],
  event: { readonly message: Message; readonly isNew: boolean; readonly held: Message | undefined },
  counted: Counted,
  userId: string,
): readonly Tracked[] {
  const { message, isNew, held } = event;
  if (message.senderId === userId || message.seq <= counted.lastReadSeq) return tracked;
  const place = placeOf(tracked, message.seq);
  const known = tracked[place]?.seq === message.seq ? tracked[place] : undefined;
  if (!known && message.rev <= counted.rev) return tracked;
  const prior = held && held.rev < message.rev ? [versionOf(held, false, userId)] : [];
  const versions = withVersion(known?.versions ?? prior, versionOf(message, isNew, userId));
  return tracked.toSpliced(place, known ? 1 : 0, { seq: message.seq, versions });
}

function withVersion(versions: readonly Version[], version: Version): readonly Version[] {
  const place = versions.findIndex(({ rev }) => rev >= version.rev);
  if (place < 0) return [...versions, version];
  const same = versions[place]?.rev === version.rev ? versions[place] : undefined;
  return versions.toSpliced(place, same ? 1 : 0, { ...version, isNew: version.isNew || same?.isNew === true });
}

/** Forgets what the counts of the server now hold. */
export function untrack(tracked: readonly Tracked[], { rev, lastReadSeq }: Counted): readonly Tracked[] {
  const left = tracked.flatMap(({ seq, versions }) => {
    if (seq <= lastReadSeq || (versions.at(-1)?.rev ?? 0) <= rev) return [];
    const before = versions.findLastIndex((version) => version.rev <= rev);
    return [{ seq, versions: before > 0 ? versions.slice(before) : versions }];
  });
  return left.length === tracked.length ? tracked : left;
}

/**
 * What one message adds to the counts; null where that cannot be known from here: the message existed when the counts
 * were read, and whether it counted or mentioned the reader was never told.
 */
export function deltaOf({ versions }: Tracked, counted: Counted, isHidden: boolean): Delta | null {
  const latest = versions.at(-1);
  if (!latest || latest.rev <= counted.rev) return NO_DELTA;
  const isOver = latest.isDeleted || isHidden;
  const made = versions.find(({ isNew }) => isNew);
  if (made && made.rev > counted.rev) {
    return isOver ? NO_DELTA : { unread: 1, mentions: latest.isMention ? 1 : 0 };
  }
  // What the reader has hidden did not count before either, or is being counted anew.
  if (isHidden) return NO_DELTA;
  const before = versions.findLast(({ rev }) => rev <= counted.rev);
  if (!before) return latest.isDeleted || latest.isEdited ? null : NO_DELTA;
  if (before.isDeleted) return NO_DELTA;
  const mentions = (latest.isMention && !isOver ? 1 : 0) - (before.isMention ? 1 : 0);
  return { unread: isOver ? -1 : 0, mentions };
}
