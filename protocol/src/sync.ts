import { z } from 'zod';
import { Conversation } from './conversations.js';
import { Message } from './messages.js';
import { Id, Seq } from './scalars.js';

/** The most conversations one request can name. */
export const SYNC_CURSORS = 10_000;

/** What a client has of a conversation: every message up to `seq`, with every change up to `rev`. */
export const SyncCursor = z.strictObject({ seq: Seq, rev: Seq });
export type SyncCursor = z.infer<typeof SyncCursor>;

/**
 * What a client has: everything of its own inbox up to `inboxRev`, and these conversations. Without cursors the answer
 * is where to start from.
 */
export const SyncRequest = z
  .strictObject({ inboxRev: Seq.optional(), conversations: z.record(Id, SyncCursor).default({}) })
  .refine(({ conversations }) => Object.keys(conversations).length <= SYNC_CURSORS, {
    message: `must name at most ${SYNC_CURSORS} conversations`,
    path: ['conversations'],
  })
  .meta({ id: 'SyncRequest' });
export type SyncRequest = z.infer<typeof SyncRequest>;

/** New and changed messages of one conversation, and the cursor a client has with them. */
export const SyncedMessages = z
  .object({ items: z.array(Message), seq: Seq, rev: Seq, hasMore: z.boolean() })
  .meta({ id: 'SyncedMessages' });
export type SyncedMessages = z.infer<typeof SyncedMessages>;

/** A message the caller has deleted for themselves. */
export const HiddenMessage = z.object({ conversationId: Id, seq: Seq }).meta({ id: 'HiddenMessage' });
export type HiddenMessage = z.infer<typeof HiddenMessage>;

/**
 * What has happened since the cursors given. `conversations` are the changed and the new ones, whole; those that are new
 * to the client start at their own `lastSeq` and `rev`, what lies before is history. `removed` are those of the given
 * ones that the caller has no part in. `resync` names conversations whose cursor cannot be served: what the client holds
 * of their messages is to be dropped, and they start anew like new ones. While `more` is true, ask again with the new
 * cursors.
 */
export const SyncResult = z
  .object({
    inboxRev: Seq,
    conversations: z.array(Conversation),
    removed: z.array(Id),
    resync: z.array(Id),
    hidden: z.array(HiddenMessage),
    messages: z.record(Id, SyncedMessages),
    more: z.boolean(),
  })
  .meta({ id: 'SyncResult' });
export type SyncResult = z.infer<typeof SyncResult>;
