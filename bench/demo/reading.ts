/** After the play: waiting until all have heard, and reading the conversation back. */
import { readHistory } from '@parley/e2e/harness';
import type { Message } from '@parley/sdk';
import type { Cast } from './cast.js';
import type { Company, Player } from './company.js';
import type { Witness } from './entitlement.js';
import type { Patience } from './patience.js';
import { LIVE_PATIENCE } from './replay.js';

/** Besides the host. */
const READERS = 4;

/** The host and those who are still in the room when the log ends. */
export function stayersOf({ people }: Cast, { host, players }: Company): Player[] {
  return [host, ...players.filter((_, index) => people[index]?.isThereAtEnd)];
}

/** Waits until everybody still in the room has heard its last word; whoever has not by then is found by the verdict. */
export async function everyoneHasHeard(stayers: readonly Player[], lastSeq: number): Promise<void> {
  await Promise.all(
    stayers.map(({ inbox, isFromStart }) => {
      const known = isFromStart ? inbox.entries.slice(1).at(-1) : inbox.entries.at(-1);
      return inbox.complete((known ?? 0) + 1, lastSeq, LIVE_PATIENCE);
    }),
  );
}

/** The conversation as the host and some others read it, from its beginning and from its end. */
export async function readByMany(
  stayers: readonly Player[],
  conversationId: string,
  patience: Patience,
): Promise<Map<string, Message[]>> {
  const histories = new Map<string, Message[]>();
  for (const { client, username } of spread(stayers, READERS + 1)) {
    for (const direction of ['forward', 'backward'] as const) {
      const read = await patience.call(() => readHistory(client, conversationId, direction));
      histories.set(`${username} ${direction}`, read);
    }
  }
  return histories;
}

/** So many of them, the first and the last included, the others evenly between. */
function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, place) => items[Math.round((place * (items.length - 1)) / (most - 1))],
  ).filter((item) => item !== undefined);
}

export const witnessesOf = ({ host, players }: Company): Witness[] =>
  [host, ...players].map(({ username, userId, isFromStart, inbox }) => ({
    name: username,
    userId,
    isFromStart,
    entries: inbox.entries,
    live: inbox.messages,
    whileOut: inbox.whileOut,
  }));
