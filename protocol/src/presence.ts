import { z } from 'zod';
import { Id, Seq, Timestamp } from './scalars.js';

/** The most people whose presence one request can name. */
export const PRESENCE_LIMIT = 500;

/**
 * Whether somebody can be reached. `lastSeen` is null while they are online and where their privacy, or that of whoever
 * asks, keeps it back.
 */
export const Presence = z
  .object({
    userId: Id,
    status: z.enum(['online', 'away', 'busy', 'offline']),
    text: z.string().optional(),
    lastSeen: Timestamp.nullable(),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;

/** People on screen; whom the caller has nothing to do with is answered as offline. */
export const PresenceUsers = z.strictObject({ userIds: z.array(Id).min(1).max(PRESENCE_LIMIT) });
export type PresenceUsers = z.infer<typeof PresenceUsers>;
export const PresenceList = z.object({ items: z.array(Presence) });
export type PresenceList = z.infer<typeof PresenceList>;

export const Typing = z.strictObject({ conversationId: Id, isTyping: z.boolean() });
export type Typing = z.infer<typeof Typing>;

/** A conversation that has come on screen on this socket, or has gone from it. */
export const OnScreen = z.strictObject({ conversationId: Id });
export type OnScreen = z.infer<typeof OnScreen>;

/**
 * How far one member has received and read, as the others may know it. `inboxRev` is there where it is a change of the
 * listener's own inbox: of the peer's marks in a direct conversation, and of what was delivered to the listener.
 */
export const Receipt = z
  .object({
    conversationId: Id,
    userId: Id,
    lastDeliveredSeq: Seq,
    lastReadSeq: Seq,
    at: Timestamp,
    inboxRev: Seq.optional(),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;
