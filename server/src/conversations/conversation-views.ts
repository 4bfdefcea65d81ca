import { Injectable } from '@nestjs/common';
import type { Conversation, Message, Participant, User } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { TimelineRepository } from '../timeline/index.js';
import { toUser } from '../users/index.js';
import { PERMISSIONS } from './conversation.rules.js';
import { ConversationsRepository, type ParticipantRow, type SeatRow } from './conversations.repository.js';

/** Completes seats into conversations as their members see them: last message, peer and unread count. */
@Injectable()
export class ConversationViews {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly timeline: TimelineRepository,
  ) {}

  async of(tx: Tx, seats: readonly SeatRow[]): Promise<Conversation[]> {
    const written = seats.filter((seat) => seat.lastSeq > 0);
    const last = await this.timeline.at(
      tx,
      written.map((seat) => ({ conversationId: seat.id, seq: seat.lastSeq })),
    );
    const lastById = new Map(last.map((message) => [message.conversationId, message]));
    const direct = seats.filter((seat) => seat.type === 'direct');
    const peers = await this.conversations.findPeers(
      tx,
      direct.map((seat) => ({ conversationId: seat.id, userId: seat.userId })),
    );
    const peerBySeat = new Map(peers.map((peer) => [seatKey(peer.conversationId, peer.viewerId), toUser(peer)]));
    const unread = await this.timeline.countUnread(
      tx,
      seats.map((seat) => ({ conversationId: seat.id, userId: seat.userId, lastReadSeq: seat.lastReadSeq })),
    );
    return seats.map((seat, index) =>
      toConversation(seat, {
        lastMessage: lastById.get(seat.id) ?? null,
        peer: peerBySeat.get(seatKey(seat.id, seat.userId)) ?? null,
        unreadCount: unread[index] ?? 0,
      }),
    );
  }
}

const seatKey = (conversationId: string, userId: string): string => `${conversationId} ${userId}`;

function toConversation(
  seat: SeatRow,
  seen: { lastMessage: Message | null; peer: User | null; unreadCount: number },
): Conversation {
  return {
    id: seat.id,
    type: seat.type,
    name: seat.name,
    description: seat.description,
    avatarUrl: seat.avatarUrl,
    createdBy: seat.createdBy,
    createdAt: seat.createdAt.toISOString(),
    updatedAt: seat.updatedAt.toISOString(),
    memberCount: seat.memberCount,
    lastSeq: seat.lastSeq,
    rev: seat.rev,
    lastMessage: seen.lastMessage,
    peer: seen.peer,
    permissions: PERMISSIONS,
    me: {
      role: seat.role,
      joinedAt: seat.joinedAt.toISOString(),
      lastReadSeq: seat.lastReadSeq,
      lastDeliveredSeq: seat.lastDeliveredSeq,
      unreadCount: seen.unreadCount,
      mentionCount: 0,
      mutedUntil: null,
      pinned: false,
      archived: false,
    },
  };
}

/** One member as the others see them. */
export const toParticipant = (row: ParticipantRow): Participant => ({
  userId: row.id,
  user: toUser(row),
  role: row.role,
  joinedAt: row.joinedAt.toISOString(),
});
