import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@parley/sdk';
import { expect, it } from 'vitest';
import { act } from './acts.js';
import type { Actor } from './cast.js';
import { type Company, gather } from './company.js';
import { freshSightOf, type Sight, sightOf } from './convergence.js';
import { check, ONE_NODE, readHistory, type SeenSeat, TWO_NODES } from './harness/index.js';
import { describeOn } from './on-each-deployment.js';
import { seeded } from './random.js';

/** One seed, or how many; a few unless given. */
const { SEED, SEEDS } = process.env;
const PEOPLE = 5;
const AT_REST_WITHIN = 20_000;
const LOOK_EVERY = 100;

const seedsFor = (few: number, first: number): number[] =>
  SEED === undefined ? Array.from({ length: Number(SEEDS ?? few) }, (_, index) => first + index) : [Number(SEED)];

/** Two conversations: a group of everybody, and by chance a chat of two or a group of three. */
async function begin({ people }: Company, random: () => number): Promise<string[]> {
  const [owner, ...others] = people;
  if (!owner) throw new Error('nobody there');
  const group = (ids: readonly string[]) =>
    owner.client.conversations.create({
      type: 'group',
      name: 'Room',
      participantIds: [...ids],
      joinPolicy: random() < 0.8 ? 'open' : 'invite',
      historyVisibility: random() < 0.5 ? 'all' : 'joined',
    });
  const ids = others.map(({ id }) => id);
  const room = await group(ids);
  const second = await (random() < 0.5 ? owner.client.conversations.direct(ids[0] ?? '') : group(ids.slice(0, 2)));
  return [room.id, second.id];
}

/** Everybody does things, several at a time; what each of them is, the seed and the state of the device decide. */
async function live(company: Company, conversations: readonly string[], random: () => number): Promise<void> {
  const plan = Array.from({ length: 60 + Math.floor(random() * 60) }, () => seeded(Math.floor(random() * 2 ** 32)));
  const lane = async () => {
    for (let next = plan.pop(); next; next = plan.pop()) await act(company, conversations, next);
  };
  await Promise.all(Array.from({ length: 1 + Math.floor(random() * 8) }, lane));
}

/** How a person sees everything: on each device, on one that starts afresh, and in the history page by page. */
interface Views {
  readonly phone: Sight;
  readonly tablet: Sight;
  readonly fresh: Sight;
  readonly forward: Sight;
  readonly backward: Sight;
}

async function viewsOf({ hands }: Company, person: Actor): Promise<Views> {
  const [phone, tablet] = hands.filter(({ owner }) => owner === person);
  if (!phone || !tablet) throw new Error('a person without two devices');
  const fresh = await freshSightOf(phone.device);
  const paged = (direction: 'forward' | 'backward') =>
    Promise.all(
      fresh.map(async ({ conversation }) => ({
        conversation,
        messages: await readHistory(phone.client, conversation.id, direction),
      })),
    );
  const [forward, backward] = [await paged('forward'), await paged('backward')];
  return { phone: await sightOf(phone.client), tablet: await sightOf(tablet.client), fresh, forward, backward };
}

const plain = (view: Sight): unknown => JSON.parse(JSON.stringify(view));

/** Whether nothing is on its way out any more, on any device. */
const isAllSent = ({ hands }: Company): boolean =>
  hands.every(({ client }) => client.store.getState().outbox.every(({ state }) => state === 'failed'));

/** Waits until all is sent and all views of everybody agree; returns what they see, or shows where they stay apart. */
async function rest(company: Company): Promise<Map<Actor, Sight>> {
  for (const { line } of company.hands) line.mend();
  await expect.poll(() => isAllSent(company), { timeout: AT_REST_WITHIN, interval: LOOK_EVERY }).toBe(true);
  const giveUpAt = Date.now() + AT_REST_WITHIN;
  for (;;) {
    const looks = await Promise.all(company.people.map((person) => viewsOf(company, person)));
    const isOver = Date.now() > giveUpAt;
    const isEqual = looks.every((views) => areEqual(views, isOver));
    if (isEqual) return new Map(company.people.map((person, index) => [person, looks[index]?.fresh ?? []]));
    await sleep(LOOK_EVERY);
  }
}

/** Whether one person sees the same in every way; `isOver` shows where not. */
function areEqual(views: Views, isOver: boolean): boolean {
  return Object.entries(views).every(([name, view]: [string, Sight]) => {
    if (isOver) expect(view, `${name} and afresh`).toEqual(views.fresh);
    return isDeepStrictEqual(plain(view), plain(views.fresh));
  });
}

/** What the invariants say of what everybody sees in one conversation. */
function violations(company: Company, seen: ReadonlyMap<Actor, Sight>, conversationId: string) {
  const histories = new Map<string, readonly Message[]>();
  const seats = new Map<string, SeenSeat>();
  for (const [{ id, username }, sight] of seen) {
    const found = sight.find(({ conversation }) => conversation.id === conversationId);
    if (!found) continue;
    histories.set(username, found.messages);
    seats.set(username, { userId: id, ...found.conversation.me });
  }
  const all = [...histories.values()].flat();
  const seqOf = new Map(all.map(({ senderId, clientMessageId, seq }) => [`${senderId} ${clientMessageId}`, seq]));
  const attempts = (company.attempts.get(conversationId) ?? []).toSorted((a, b) => {
    // Several devices send side by side for each person, so only what was stored decides the order here.
    const [first, second] = [a, b].map(({ senderId, clientMessageId }) => seqOf.get(`${senderId} ${clientMessageId}`));
    return (first ?? 0) - (second ?? 0);
  });
  return check({ attempts, histories, seats, live: new Map() });
}

for (const [kind, few, first] of [
  [ONE_NODE, 4, 1],
  [TWO_NODES, 2, 1_001],
] as const) {
  describeOn(kind, (on) => {
    it.each(seedsFor(few, first))(
      'is the same on every device, afresh and page by page once all is quiet (seed %i)',
      async (seed) => {
        const random = seeded(seed);
        const company = await gather(on(), PEOPLE);
        try {
          const conversations = await begin(company, random);
          await live(company, conversations, random);
          const seen = await rest(company);
          for (const id of conversations) expect(violations(company, seen, id)).toEqual([]);
        } finally {
          await company.close();
        }
      },
    );
  });
}
