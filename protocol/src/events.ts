import { z } from 'zod';
import type { Ack } from './errors.js';
import { Conversation, Participant } from './conversations.js';
import { MarkRead, Message, ReadMark, SendMessageEvent, Sent } from './messages.js';
import { Id, Seq, Timestamp } from './scalars.js';

/** The Socket.IO namespace everything below happens in. */
export const NAMESPACE = '/messages';

/** What a client may emit: the payload's schema and the acknowledgement's data. */
export const ClientEvents = {
  send_message: { payload: SendMessageEvent, data: Sent },
  mark_read: { payload: MarkRead, data: ReadMark },
} as const satisfies Record<string, { payload: z.ZodType; data: z.ZodType }>;

export type ClientEvent = keyof typeof ClientEvents;
export type ClientPayload<E extends ClientEvent> = z.infer<(typeof ClientEvents)[E]['payload']>;
export type ClientInput<E extends ClientEvent> = z.input<(typeof ClientEvents)[E]['payload']>;
export type AckData<E extends ClientEvent> = z.infer<(typeof ClientEvents)[E]['data']>;

export const RevokedReason = z.enum([
  'signed_out',
  'ended_elsewhere',
  'password_changed',
  'token_reused',
  'account_deleted',
]);
export type RevokedReason = z.infer<typeof RevokedReason>;

/** What the server emits. Clients ignore events and fields they do not know. */
export const ServerEvents = {
  new_message: Message,
  receipt: z.object({
    conversationId: Id,
    userId: Id,
    lastDeliveredSeq: Seq,
    lastReadSeq: Seq,
    at: Timestamp,
  }),
  conversation_updated: Conversation,
  conversation_removed: z.object({ conversationId: Id, reason: z.enum(['left', 'removed']) }),
  participant_joined: z.object({ conversationId: Id, participant: Participant }),
  participant_updated: z.object({ conversationId: Id, participant: Participant }),
  participant_left: z.object({ conversationId: Id, userId: Id, reason: z.enum(['left', 'removed']) }),
  session_revoked: z.object({ reason: RevokedReason }),
  sync_needed: z.object({ reason: z.enum(['bus_lost', 'bus_back']) }),
  server_draining: z.object({ reconnectInMs: z.number().int() }),
} as const satisfies Record<string, z.ZodType>;

export type ServerEvent = keyof typeof ServerEvents;
export type ServerPayload<E extends ServerEvent> = z.infer<(typeof ServerEvents)[E]>;

/** Socket.IO's typed maps of the two directions. */
export type ClientToServer = {
  [E in ClientEvent]: (payload: ClientInput<E>, ack: (answer: Ack<AckData<E>>) => void) => void;
};
export type ServerToClient = { [E in ServerEvent]: (payload: ServerPayload<E>) => void };
