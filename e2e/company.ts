import { indexedDbCache, memoryOutbox, newClientMessageId, type Outgoing, Parley, type Sent } from '@parley/sdk';
import { type Actor, cast, type Device, deviceOf } from './cast.js';
import type { Attempt, Deployment } from './harness/index.js';
import { type Line, openLine } from './line.js';
import { beLikeABrowser, closeTab } from './tabs.js';

/** One device of somebody: its store, its line to the server, and what it has still to send. */
export interface Hand {
  readonly owner: Actor;
  readonly device: Device;
  readonly line: Line;
  readonly outbox: ReturnType<typeof memoryOutbox>;
  /** Another one after each reload. */
  client: Parley;
  /** The name of its cache; another one after each reload from nothing. */
  cache: string;
}

/** People with two devices each, on lines that can be cut, and what they have tried to send. */
export interface Company {
  readonly people: readonly Actor[];
  readonly hands: readonly Hand[];
  /** By conversation. */
  readonly attempts: Map<string, Attempt[]>;
  close(): Promise<void>;
}

/** Where there are several nodes, the two devices of a person are on different ones. */
export async function gather(on: Pick<Deployment, 'urls'>, count: number): Promise<Company> {
  const nodeOf = (index: number) => on.urls[index % on.urls.length] ?? on.urls[0];
  const lines = (shift: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => openLine(nodeOf(index + shift))));
  const [near, far] = [await lines(0), await lines(1)];
  const people = Object.values(
    await cast({ urls: near.map(({ url }) => url) as [string] }, ...near.map((_, index) => `person${index}`)),
  );
  beLikeABrowser();
  const attempts: Company['attempts'] = new Map();
  const hands = await Promise.all(
    [near, far].flatMap((side) =>
      side.map(async (line, index): Promise<Hand> => {
        const owner = people[index];
        if (!owner) throw new Error('a line of nobody');
        const device = side === near ? owner : await deviceOf({ username: owner.username, url: line.url });
        const outbox = memoryOutbox();
        device.client.disconnect();
        const hand = { owner, device, line, outbox, cache: newCache(), client: device.client };
        await open(hand);
        return hand;
      }),
    ),
  );
  const close = async () => {
    for (const { client } of hands) client.disconnect();
    await Promise.all(hands.map(({ line }) => line.close()));
  };
  return { people, hands, attempts, close };
}

/** The device is closed and starts again, from its cache or from nothing; what it had still to send is there either way. */
export async function reload(hand: Hand, from: 'cache' | 'nothing'): Promise<void> {
  const { client, cache } = hand;
  await client.store.saved();
  // Somebody else was quicker.
  if (hand.client !== client) return;
  client.disconnect();
  void closeTab(cache);
  if (from === 'nothing') hand.cache = newCache();
  await open(hand);
}

const newCache = () => `cache ${newClientMessageId()}`;

async function open(hand: Hand): Promise<void> {
  const { outbox, cache, device } = hand;
  hand.client = device.reload({ outbox, cache: indexedDbCache(cache), marksDelivered: true });
  // Where the line is cut, both are done as soon as it stands again.
  void hand.client.connect().catch(() => undefined);
  await hand.client.store.sync().catch(() => undefined);
}

/** Notes what somebody tries to send and, once it is acknowledged, where it has come to stand. */
export async function attempt<S extends Pick<Sent, 'id' | 'seq'>>(
  { attempts }: Company,
  senderId: string,
  message: Pick<Outgoing, 'conversationId' | 'clientMessageId'>,
  send: () => Promise<S & { readonly content?: string | null }>,
  content?: string,
): Promise<void> {
  const { conversationId, clientMessageId } = message;
  const list = attempts.get(conversationId) ?? [];
  attempts.set(conversationId, list);
  const place = list.push({ senderId, clientMessageId, content: content ?? '', acked: null }) - 1;
  const { id, seq, content: stored } = await send();
  list[place] = { senderId, clientMessageId, content: content ?? stored ?? '', acked: { id, seq } };
}
