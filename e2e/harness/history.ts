import type { Message } from '@parley/protocol';
import type { Parley } from '@parley/sdk';

const PAGE = 100;

/** A conversation's whole history, paged from its beginning or from its end; ascending either way. */
export async function readHistory(
  client: Parley,
  conversationId: string,
  direction: 'forward' | 'backward' = 'forward',
): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const edge = direction === 'forward' ? messages.at(-1) : messages[0];
    const page = await client.messages.history(conversationId, {
      limit: PAGE,
      ...(direction === 'forward' ? { after: edge?.seq ?? 0 } : edge && { before: edge.seq }),
    });
    if (direction === 'forward') messages.push(...page.items);
    else messages.unshift(...page.items);
    if (!(direction === 'forward' ? page.hasMoreAfter : page.hasMoreBefore)) return messages;
  }
}
