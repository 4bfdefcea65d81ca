import { Injectable } from '@nestjs/common';
import { ConversationsService } from '../conversations/index.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import { TimelineRepository, TombstonesRepository } from '../timeline/index.js';
import { DueMessagesRepository } from './due-messages.repository.js';

const BATCH = 500;

/** One conversation and the messages in it whose time has come. */
type Group = readonly [conversationId: string, seqs: readonly number[]];

/**
 * Writes down what time alone has changed, so that it is counted, synced and told like any other change. Several nodes
 * may do so at once: under the lock of a conversation each sees what another has done there before.
 */
@Injectable()
export class ExpiryService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly due: DueMessagesRepository,
    private readonly tombstones: TombstonesRepository,
    private readonly timeline: TimelineRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** Entombs messages that have disappeared, as of when they were due; says whether there may be more. */
  async removeExpired(): Promise<boolean> {
    const found = await this.database.read((tx) => this.due.findExpired(tx, this.clock.now(), BATCH));
    await this.#eachConversation(found, async (tx, [conversationId, seqs]) => {
      const endings = await this.due.listStillThere(tx, conversationId, seqs);
      if (endings.length === 0) return;
      for (const changed of await this.tombstones.entomb(tx, conversationId, endings)) {
        this.events.emit(tx, 'message.changed', changed);
      }
    });
    return found.length === BATCH;
  }

  /** Closes polls whose time has come, as of that time; says whether there may be more. */
  async closePolls(): Promise<boolean> {
    const found = await this.database.read((tx) => this.due.findClosing(tx, this.clock.now(), BATCH));
    await this.#eachConversation(found, async (tx, [conversationId, seqs]) => {
      for (const { seq, poll, closesAt } of await this.due.listStillOpen(tx, conversationId, seqs)) {
        const change = { poll: { ...poll, closedAt: closesAt } };
        this.events.emit(tx, 'message.changed', await this.timeline.change(tx, { conversationId, seq }, change));
      }
    });
    return found.length === BATCH;
  }

  /** One transaction for each conversation, under its lock: none waits for the others, and no send for more than one. */
  async #eachConversation(
    found: readonly { readonly conversationId: string; readonly seq: number }[],
    work: (tx: Tx, group: Group) => Promise<void>,
  ): Promise<void> {
    const failures: unknown[] = [];
    for (const group of groupsOf(found)) {
      const swept = this.database.transaction(async (tx) => {
        await this.conversations.lock(tx, group[0]);
        await work(tx, group);
      });
      // One conversation that cannot be swept now must not keep the others.
      await swept.catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

function groupsOf(found: readonly { readonly conversationId: string; readonly seq: number }[]): Group[] {
  const groups = new Map<string, number[]>();
  for (const { conversationId, seq } of found) {
    groups.set(conversationId, [...(groups.get(conversationId) ?? []), seq]);
  }
  return [...groups];
}
