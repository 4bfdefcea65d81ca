import { z } from 'zod';
import type { Ack } from './errors.js';
import { Conversation, Participant, Seat } from './conversations.js';
import {
  Changed,
  DeleteMessageEvent,
  DeliveredMark,
  EditMessageEvent,
  MarkDelivered,
  MarkRead,
  Message,
  ReactEvent,
  ReadMark,
  SendMessageEvent,
  Sent,
} from './messages.js';
import { OnScreen, Presence, PresenceList, PresenceUsers, Receipt, Typing } from './presence.js';
import { Id, Seq } from './scalars.js';
import { SyncRequest, SyncResult } from './sync.js';
import { SetStatus, Status } from './users.js';

const Nothing = z.object({});

/** What a client may emit: the payload's schema and the acknowledgement's data. */
export const ClientEvents = {
  send_message: { payload: SendMessageEvent, data: Sent },
  edit_message: { payload: EditMessageEvent, data: Changed },
  delete_message: { payload: DeleteMessageEvent, data: Changed },
  react: { payload: ReactEvent, data: Changed },
  mark_read: { payload: MarkRead, data: ReadMark },
  mark_delivered: { payload: MarkDelivered, data: DeliveredMark },
  typing: { payload: Typing, data: Nothing },
  join_conversation: {
    payload: OnScreen,
    data: z.object({ lastSeq: Seq, rev: Seq, receipts: z.array(Receipt) }),
  },
  leave_conversation: { payload: OnScreen, data: Nothing },
  presence_subscribe: { payload: PresenceUsers, data: PresenceList },
  presence_unsubscribe: { payload: PresenceUsers, data: Nothing },
  set_status: { payload: SetStatus, data: Status },
  sync: { payload: SyncRequest, data: SyncResult },
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

/** Why somebody is no longer part of a conversation. */
export const LeaveReason = z.enum(['left', 'removed', 'banned', 'deleted']);
export type LeaveReason = z.infer<typeof LeaveReason>;

/** What the server emits. Clients ignore events and fields they do not know. */
export const ServerEvents = {
  new_message: Message,
  /** A message as it is now: edited, deleted, reacted to, pinned, voted on. Whoever quotes it shows it as it is now. */
  message_updated: Message,
  /** Something has changed, as the change `rev`, that the caller may not see: a message from before they can read. */
  conversation_moved: z.object({ conversationId: Id, rev: Seq }),
  /** The caller has deleted a message for themselves on another device. */
  message_hidden: z.object({ conversationId: Id, seq: Seq, inboxRev: Seq }),
  receipt: Receipt,
  /** Many receipts of one conversation at once. */
  receipts: z.object({ conversationId: Id, items: z.array(Receipt) }),
  typing: z.object({ conversationId: Id, userId: Id, isTyping: z.boolean() }),
  presence: Presence,
  /**
   * Name, settings or the caller's place have changed, by the change `rev`. What else it shows is read when the event is
   * sent and may be later than that, so a client that knows the conversation goes on with its own counts.
   */
  conversation_updated: Conversation,
  conversation_removed: z.object({ conversationId: Id, reason: LeaveReason, inboxRev: Seq }),
  /**
   * The caller's own place has changed: what was read, settings, the draft, the role. Its counts are those at this `rev`
   * of the conversation: of what a client has heard that is later, it has to count itself.
   */
  seat_updated: z.object({ conversationId: Id, rev: Seq, me: Seat }),
  participant_joined: z.object({ conversationId: Id, participant: Participant }),
  participant_updated: z.object({ conversationId: Id, participant: Participant }),
  participant_left: z.object({ conversationId: Id, userId: Id, reason: LeaveReason }),
  session_revoked: z.object({ reason: RevokedReason }),
  /**
   * Something may have been missed: the client's server does not hear the others, hears them again, or another server is
   * gone or was silent for a while and has not told all that it wrote. What the client watched it asks for again.
   */
  sync_needed: z.object({ reason: z.enum(['bus_lost', 'bus_back', 'peer_lost']) }),
  server_draining: z.object({ reconnectInMs: z.number().int() }),
} as const satisfies Record<string, z.ZodType>;

export type ServerEvent = keyof typeof ServerEvents;
export type ServerPayload<E extends ServerEvent> = z.infer<(typeof ServerEvents)[E]>;

/** Socket.IO's typed maps of the two directions. */
export type ClientToServer = {
  [E in ClientEvent]: (payload: ClientInput<E>, ack: (answer: Ack<AckData<E>>) => void) => void;
};
export type ServerToClient = { [E in ServerEvent]: (payload: ServerPayload<E>) => void };
