import { Injectable } from '@nestjs/common';
import type { Conversation, Message, Participant, ReceiptMarks, Seat, User } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { type Sight, TimelineRepository } from '../timeline/index.js';
import { toUser } from '../users/index.js';
import { permissionsOf } from './conversation.rules.js';
import { ConversationsRepository, type ParticipantRow, type SeatRow } from './conversations.repository.js';

/** What a seat is completed with to be shown. */
interface Counts {
  readonly unread: number;
  readonly mentions: number;
}
interface Seen {
  readonly counts: Counts | undefined;
  readonly lastMessage: Message | null;
  readonly peer: User | null;
  readonly peerMarks: ReceiptMarks | null;
}

/** Whose eyes a seat means, for the timeline. */
export const sightOf = (seat: SeatRow): Sight => ({
  tenantId: seat.tenantId,
  conversationId: seat.id,
  userId: seat.userId,
  visibleFromSeq: seat.visibleFromSeq,
});

/** Completes seats into conversations as their members see them: last message, peer and what is unread. */
@Injectable()
export class ConversationViews {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly timeline: TimelineRepository,
  ) {}

  async of(tx: Tx, seats: readonly SeatRow[]): Promise<Conversation[]> {
    const last = await this.timeline.at(
      tx,
      seats.map((seat) => ({ ...sightOf(seat), seq: seat.lastSeq })),
    );
    const direct = seats.filter((seat) => seat.type === 'direct');
    const peers = await this.conversations.findPeers(
      tx,
      direct.map((seat) => ({ conversationId: seat.id, userId: seat.userId })),
    );
    const peerBySeat = new Map(peers.map((peer) => [seatKey(peer.conversationId, peer.viewerId), peer]));
    const counts = await this.#counts(tx, seats);
    return seats.map((seat, index) => {
      const peer = peerBySeat.get(seatKey(seat.id, seat.userId));
      return toConversation(seat, {
        counts: counts[index],
        lastMessage: last[index] ?? null,
        peer: peer ? toUser(peer) : null,
        peerMarks: peer ? peerMarksOf(peer) : null,
      });
    });
  }

  /** The caller's own places alone, for what changes nothing else. */
  async seatsOf(tx: Tx, seats: readonly SeatRow[]): Promise<Seat[]> {
    const counts = await this.#counts(tx, seats);
    return seats.map((seat, index) => toSeat(seat, counts[index]));
  }

  #counts(tx: Tx, seats: readonly SeatRow[]): Promise<Counts[]> {
    return this.timeline.countUnread(
      tx,
      seats.map((seat) => ({ ...sightOf(seat), lastReadSeq: seat.lastReadSeq })),
    );
  }
}

const seatKey = (conversationId: string, userId: string): string => `${conversationId} ${userId}`;

/** Who keeps receipts private is neither shown nor shows what was read. */
const peerMarksOf = (peer: ParticipantRow & { isViewerSharing: boolean }): ReceiptMarks => ({
  lastDeliveredSeq: peer.lastDeliveredSeq,
  lastReadSeq: peer.isViewerSharing ? peer.sharedReadSeq : 0,
});

const toConversation = (seat: SeatRow, { counts, ...seen }: Seen): Conversation => ({
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
  ...seen,
  permissions: permissionsOf(seat.type, seat.permissions),
  historyVisibility: seat.historyVisibility,
  joinPolicy: seat.joinPolicy,
  slowModeSeconds: seat.slowModeSeconds,
  messageTtl: seat.messageTtl,
  me: toSeat(seat, counts),
});

/** What a person's own place is shown from. */
export type PlaceRow = Pick<
  SeatRow,
  | 'inboxRev'
  | 'role'
  | 'joinedAt'
  | 'visibleFromSeq'
  | 'lastReadSeq'
  | 'lastDeliveredSeq'
  | 'isMarkedUnread'
  | 'mutedUntil'
  | 'silencedUntil'
  | 'isPinned'
  | 'isArchived'
  | 'draft'
>;

/** A person's own place, as they see it. */
export const toSeat = (seat: PlaceRow, counts: Counts | undefined): Seat => ({
  rev: seat.inboxRev,
  role: seat.role,
  joinedAt: seat.joinedAt.toISOString(),
  visibleFromSeq: seat.visibleFromSeq,
  lastReadSeq: seat.lastReadSeq,
  lastDeliveredSeq: seat.lastDeliveredSeq,
  unreadCount: counts?.unread ?? 0,
  mentionCount: counts?.mentions ?? 0,
  markedUnread: seat.isMarkedUnread,
  mutedUntil: seat.mutedUntil?.toISOString() ?? null,
  silencedUntil: seat.silencedUntil?.toISOString() ?? null,
  pinned: seat.isPinned,
  archived: seat.isArchived,
  draft: seat.draft,
});

/** One member as the others see them, or as much of it as `isViewerSharing` entitles to. */
export const toParticipant = (row: ParticipantRow, isViewerSharing: boolean): Participant => ({
  userId: row.id,
  user: toUser(row),
  role: row.role,
  joinedAt: row.joinedAt.toISOString(),
  lastDeliveredSeq: row.lastDeliveredSeq,
  lastReadSeq: isViewerSharing && row.isSharing ? row.sharedReadSeq : null,
  silencedUntil: row.silencedUntil?.toISOString() ?? null,
});
