import { Injectable } from '@nestjs/common';
import { type Message, PollMetadata, type PollState } from '@parley/protocol';
import { mayDo } from '../conversations/index.js';
import { type Found, MessageAccess, MessageChanges } from '../messages/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { faultOf, tally } from './tally.rules.js';
import { VotesRepository } from './votes.repository.js';

/** Voting in polls. Every member may, also where few may write. */
@Injectable()
export class PollsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly votes: VotesRepository,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** Puts the viewer's whole vote in the place of what it was; none takes it back. */
  async vote(viewer: Viewer, messageId: string, options: readonly number[]): Promise<Message> {
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId);
      const { row, seat } = found;
      const { poll, state } = pollOf(found);
      if (this.#isClosed(poll, state)) throw new AppError('poll_closed');
      const fault = faultOf(poll, options);
      if (fault) throw invalid('options', fault);
      const wanted = options.toSorted((a, b) => a - b);
      const before = await this.votes.optionsOf(tx, row, viewer.userId);
      if (before.join() === wanted.join()) return this.changes.none(tx, found);
      const { tenantId } = seat;
      const vote = { tenantId, userId: viewer.userId, options: wanted, at: this.clock.now() };
      if (wanted.length > 0) await this.votes.put(tx, row, vote);
      else await this.votes.withdraw(tx, row, viewer.userId);
      const counted = tally(poll, await this.votes.count(tx, row));
      return this.changes.make(tx, found, { poll: { ...counted, closedAt: state.closedAt } });
    });
  }

  /** Ends a poll before its time; one that is closed stays so. */
  async close(viewer: Viewer, messageId: string): Promise<Message> {
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId);
      const { row, seat } = found;
      const { poll, state } = pollOf(found);
      if (row.senderId !== viewer.userId && !mayDo(seat, 'moderateMessages')) throw new AppError('forbidden');
      // One whose time has come is closed at that time, by the sweeper.
      if (this.#isClosed(poll, state)) return this.changes.none(tx, found);
      return this.changes.make(tx, found, { poll: { ...state, closedAt: this.clock.now().toISOString() } });
    });
  }

  ownVote(viewer: Viewer, messageId: string): Promise<number[]> {
    return this.database.read(async (tx) => {
      const found = await this.access.require(tx, viewer, messageId);
      if (this.access.isGone(found)) throw new AppError('message_deleted');
      pollOf(found);
      return this.votes.optionsOf(tx, found.row, viewer.userId);
    });
  }

  #isClosed(poll: PollMetadata, state: PollState): boolean {
    return state.closedAt !== null || (poll.closesAt !== undefined && new Date(poll.closesAt) <= this.clock.now());
  }
}

/** The poll of a message that is there; other messages have nothing to vote on. */
function pollOf({ row }: Found): { poll: PollMetadata; state: PollState } {
  if (!row.poll) throw new AppError('not_found');
  return { poll: PollMetadata.parse(row.metadata), state: row.poll };
}
