import type {
  DeleteFor,
  DeliveredMark,
  DeliveryStatus,
  ForwardMessage,
  MarkDelivered,
  MarkRead,
  Message,
  MessagePage,
  MessageVersion,
  MessageVersionList,
  Metadata,
  OwnVote,
  Page,
  Reactor,
  ReadMark,
  Sent,
  Thread,
} from '@parley/protocol';
import { newClientMessageId, type Outgoing } from '../sender.js';
import type { Call, PageOptions } from './call.js';

/** Which stretch of a conversation; at most one of the three positions. */
export interface HistoryOptions {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit?: number;
}

/**
 * What may go with a text. A message of another type has its own `metadata`, and its text is a caption.
 * @example
 * const metadata = { question: 'Lunch?', options: ['Noodles', 'Soup'] };
 * await parley.messages.send(chat, undefined, { messageType: 'poll', metadata });
 */
export interface SendOptions {
  /** Made anew for each message unless given; the same one again is the same message. */
  readonly clientMessageId?: string;
  readonly messageType?: Exclude<Outgoing['messageType'], undefined>;
  readonly replyToId?: string;
  readonly metadata?: Metadata;
}

/** Puts together what is sent; a `clientMessageId` is made unless one is given. */
export const outgoing = (conversationId: string, content: string | undefined, options: SendOptions): Outgoing => ({
  conversationId,
  ...(content !== undefined && { content }),
  ...options,
  clientMessageId: options.clientMessageId ?? newClientMessageId(),
});

/** Messages: sent, read, changed, and what has become of them. */
export const messagesApi = (call: Call, send: (message: Outgoing) => Promise<Sent>) => ({
  /** Resolves once the text is on the server's disk. Tries until then, under one `clientMessageId`. */
  send: (conversationId: string, content: string | undefined, options: SendOptions = {}): Promise<Sent> =>
    send(outgoing(conversationId, content, options)),
  /** Sends over REST, for programs that hold no connection; try again with the same id after an error. */
  post: (conversationId: string, content: string | undefined, options: SendOptions = {}): Promise<Message> =>
    call({ method: 'POST', path: '/messages', body: outgoing(conversationId, content, options) }),
  history: (conversationId: string, stretch: HistoryOptions = {}): Promise<MessagePage> =>
    call({ method: 'GET', path: `/messages/${conversationId}`, query: { ...stretch } }),
  edit: (id: string, content: string): Promise<Message> =>
    call({ method: 'PUT', path: `/messages/${id}`, body: { content } }),
  /** Leaves a tombstone for everyone, or hides the message from the caller alone. */
  delete: (id: string, audience: DeleteFor = 'everyone'): Promise<void> =>
    call({ method: 'DELETE', path: `/messages/${id}`, query: { for: audience } }),
  react: (id: string, emoji: string): Promise<Message> =>
    call({ method: 'POST', path: `/messages/${id}/reaction`, body: { emoji } }),
  unreact: (id: string, emoji: string): Promise<Message> =>
    call({ method: 'DELETE', path: `/messages/${id}/reaction`, body: { emoji } }),
  /** Everyone who reacted, with one emoji or any. */
  reactors: (id: string, query: PageOptions & { readonly emoji?: string } = {}): Promise<Page<Reactor>> =>
    call({ method: 'GET', path: `/messages/${id}/reactions`, query: { ...query } }),
  forward: (
    id: string,
    conversationId: string,
    options: Pick<ForwardMessage, 'clientMessageId'> = {},
  ): Promise<Message> =>
    call({
      method: 'POST',
      path: `/messages/${id}/forward`,
      body: { conversationId, clientMessageId: newClientMessageId(), ...options },
    }),
  pin: (id: string): Promise<Message> => call({ method: 'PUT', path: `/messages/${id}/pin` }),
  unpin: (id: string): Promise<Message> => call({ method: 'DELETE', path: `/messages/${id}/pin` }),
  /** A message and the replies below it that come after `after`. */
  thread: (id: string, stretch: { readonly after?: number; readonly limit?: number } = {}): Promise<Thread> =>
    call({ method: 'GET', path: `/messages/${id}/thread`, query: { ...stretch } }),
  /** What an edited message said before, oldest first. */
  versions: async (id: string): Promise<MessageVersion[]> =>
    (await call<MessageVersionList>({ method: 'GET', path: `/messages/${id}/versions` })).items,
  /** The caller's whole vote: numbers of options; none takes the vote back. */
  vote: (id: string, options: readonly number[]): Promise<Message> =>
    call({ method: 'PUT', path: `/messages/${id}/vote`, body: { options } }),
  ownVote: async (id: string): Promise<number[]> =>
    (await call<OwnVote>({ method: 'GET', path: `/messages/${id}/vote` })).options,
  closePoll: (id: string): Promise<Message> => call({ method: 'POST', path: `/messages/${id}/poll/close` }),
  /** What has become of a message for each of its recipients. */
  status: (id: string, page: PageOptions = {}): Promise<Page<DeliveryStatus>> =>
    call({ method: 'GET', path: `/messages/${id}/status`, query: { ...page } }),
  markRead: (body: MarkRead): Promise<ReadMark> => call({ method: 'POST', path: '/messages/mark-read', body }),
  markDelivered: (body: MarkDelivered): Promise<DeliveredMark> =>
    call({ method: 'POST', path: '/messages/mark-delivered', body }),
});
