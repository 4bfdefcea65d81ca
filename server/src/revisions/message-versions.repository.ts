import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

/** How many earlier versions of a message are kept: the latest of them. */
const KEPT = 50;

/** What edited messages said before. */
@Injectable()
export class MessageVersionsRepository {
  /** Keeps what a message says now; the caller holds the conversation's lock. */
  async keep(
    tx: Tx,
    { conversationId, seq }: Place,
    version: { readonly tenantId: string; readonly content: string; readonly writtenAt: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO message_versions (tenant_id, conversation_id, seq, version, content, written_at)
       SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5 FROM message_versions
       WHERE conversation_id = $2 AND seq = $3`,
      [version.tenantId, conversationId, seq, version.content, version.writtenAt],
    );
    await tx.query(
      `DELETE FROM message_versions WHERE conversation_id = $1 AND seq = $2
         AND version <= (SELECT max(version) FROM message_versions WHERE conversation_id = $1 AND seq = $2) - ${KEPT}`,
      [conversationId, seq],
    );
  }

  list(tx: Tx, { conversationId, seq }: Place): Promise<{ content: string; writtenAt: Date }[]> {
    return tx.query(
      `SELECT content, written_at AS "writtenAt" FROM message_versions
       WHERE conversation_id = $1 AND seq = $2 ORDER BY version`,
      [conversationId, seq],
    );
  }
}
