import { Injectable } from '@nestjs/common';
import type { Mention } from '@parley/protocol';
import { mayDo, type SeatRow } from '../conversations/index.js';
import { caseFold } from '../platform/case-folding.js';
import type { Tx } from '../platform/database/tx.js';
import type { MessageRow } from '../timeline/index.js';
import { mentionsIn, namesIn } from './mention.rules.js';
import { MentionsRepository } from './mentions.repository.js';

/** Finds out whom a text means. */
@Injectable()
export class MentionsService {
  constructor(private readonly mentions: MentionsRepository) {}

  /** Whether a text can mention anybody at all; where not, there is nothing to look up. */
  isPossibleIn(text: string): boolean {
    return text.includes('@') && namesIn(text).length > 0;
  }

  /** Whom this text mentions when the member who sits here writes it. */
  async in(tx: Tx, seat: SeatRow, text: string): Promise<Mention[]> {
    const names = namesIn(text);
    if (names.length === 0) return [];
    const members = await this.mentions.findMembers(
      tx,
      { tenantId: seat.tenantId, conversationId: seat.id },
      names.map(caseFold),
    );
    const byKey = new Map(members.map(({ key, userId }) => [key, userId]));
    return mentionsIn(text, (name) => byKey.get(caseFold(name)), mayDo(seat, 'mentionAll'));
  }

  /** Lets an edited message count as one that mentions these people. */
  replace(tx: Tx, seat: SeatRow, row: MessageRow, now: readonly Mention[]): Promise<void> {
    return this.mentions.replace(tx, { ...row, tenantId: seat.tenantId }, { before: row.mentions ?? [], now });
  }
}
