import { type Message, newClientMessageId, ParleyError, type Role, type SendOptions } from '@parley/sdk';
import { attempt, type Company, type Hand, reload } from './company.js';

/** All that an act may use: chance decides the rest. */
interface Scene {
  readonly company: Company;
  readonly hand: Hand;
  readonly conversationId: string;
  readonly random: () => number;
}

/** What only a fault of the server answers; anything else can befall who acts on what has just changed. */
const FAULTS: ReadonlySet<string> = new Set(['internal', 'unavailable', 'overloaded', 'validation_failed']);
const EMOJIS = ['👍', '🎉', '❤️', '😀'];
const ROLES: readonly Role[] = ['admin', 'moderator', 'member', 'guest'];
const POLL: SendOptions = { messageType: 'poll', metadata: { question: 'Lunch?', options: ['Noodles', 'Soup'] } };

const pick = <T>(items: readonly T[], random: () => number): T | undefined =>
  items[Math.floor(random() * items.length)];
const heldOf = ({ hand, conversationId }: Scene) => hand.client.store.getState().conversations.get(conversationId);

/** A message that this device shows, more often a late one. */
function someMessage(scene: Scene): Message | undefined {
  const messages = heldOf(scene)?.messages ?? [];
  return scene.random() < 0.5 ? pick(messages.slice(-5), scene.random) : pick(messages, scene.random);
}

async function onMessage(scene: Scene, act: (id: string, message: Message) => Promise<unknown>): Promise<void> {
  const message = someMessage(scene);
  if (message) await act(message.id, message);
}

function words({ company, random }: Scene): string {
  const text = `words ${newClientMessageId().slice(0, 8)}`;
  const who = pick(company.people, random)?.username ?? '';
  const chance = random();
  if (chance < 0.2) return `${text} @${who}`;
  return chance < 0.3 ? `@all ${text}` : text;
}

function letter(scene: Scene): { content: string; options: SendOptions & { clientMessageId: string } } {
  const { random } = scene;
  const replyTo = random() < 0.3 ? someMessage(scene) : undefined;
  const options = {
    clientMessageId: newClientMessageId(),
    ...(replyTo && { replyToId: replyTo.id }),
    ...(random() < 0.1 && POLL),
  };
  return { content: words(scene), options };
}

const other = ({ company, random }: Scene): string => pick(company.people, random)?.id ?? '';
const api = ({ hand }: Scene) => hand.client.conversations;
const messages = ({ hand }: Scene) => hand.client.messages;

/** Everything that people do, each with how often. */
const ACTS: readonly (readonly [weight: number, act: (scene: Scene) => unknown])[] = [
  [
    18,
    (scene) => {
      const { content, options } = letter(scene);
      const { hand, conversationId, company } = scene;
      // Its acknowledgement shows nowhere for long: it counts as unknown, and must not be there twice.
      void attempt(
        company,
        hand.owner.id,
        { conversationId, ...options },
        () => new Promise<never>(() => undefined),
        content,
      );
      hand.client.store.send(conversationId, content, options);
    },
  ],
  [
    8,
    async (scene) => {
      const { content, options } = letter(scene);
      const { hand, conversationId, company } = scene;
      const post = () => messages(scene).post(conversationId, content, options);
      await attempt(company, hand.owner.id, { conversationId, ...options }, post, content);
    },
  ],
  [
    3,
    (scene) =>
      onMessage(scene, (id) => {
        const { hand, conversationId, company } = scene;
        const clientMessageId = newClientMessageId();
        const forward = () => messages(scene).forward(id, conversationId, { clientMessageId });
        return attempt(company, hand.owner.id, { conversationId, clientMessageId }, forward);
      }),
  ],
  [8, (scene) => onMessage(scene, (id) => messages(scene).edit(id, words(scene)))],
  [5, (scene) => onMessage(scene, (id) => messages(scene).delete(id))],
  [4, (scene) => onMessage(scene, (id) => messages(scene).delete(id, 'me'))],
  [8, (scene) => onMessage(scene, (id) => messages(scene).react(id, pick(EMOJIS, scene.random) ?? ''))],
  [3, (scene) => onMessage(scene, (id) => messages(scene).unreact(id, pick(EMOJIS, scene.random) ?? ''))],
  [2, (scene) => onMessage(scene, (id) => messages(scene).pin(id))],
  [1, (scene) => onMessage(scene, (id) => messages(scene).unpin(id))],
  [
    4,
    (scene) =>
      onPoll(scene, (id) => messages(scene).vote(id, scene.random() < 0.2 ? [] : [scene.random() < 0.5 ? 0 : 1])),
  ],
  [1, (scene) => onPoll(scene, (id) => messages(scene).closePoll(id))],
  [
    9,
    (scene) =>
      onMessage(scene, (_, { seq }) => messages(scene).markRead({ conversationId: scene.conversationId, seq })),
  ],
  [2, (scene) => api(scene).saveDraft(scene.conversationId, { content: words(scene) })],
  [1, (scene) => api(scene).removeDraft(scene.conversationId)],
  [
    4,
    (scene) => {
      const { random } = scene;
      const change = pick(
        [
          { pinned: random() < 0.5 },
          { archived: random() < 0.5 },
          { markedUnread: random() < 0.5 },
          { mutedUntil: random() < 0.5 ? inAnHour() : null },
        ],
        random,
      );
      return api(scene).setPreferences(scene.conversationId, change ?? {});
    },
  ],
  [4, (scene) => api(scene).add(scene.conversationId, [other(scene)])],
  [3, (scene) => api(scene).remove(scene.conversationId, other(scene))],
  [2, (scene) => api(scene).leave(scene.conversationId)],
  [4, (scene) => api(scene).join(scene.conversationId)],
  [2, (scene) => api(scene).changeRole(scene.conversationId, other(scene), pick(ROLES, scene.random) ?? 'member')],
  [1, (scene) => api(scene).transfer(scene.conversationId, other(scene))],
  [1, (scene) => api(scene).ban(scene.conversationId, other(scene))],
  [2, (scene) => api(scene).liftBan(scene.conversationId, other(scene))],
  [1, (scene) => api(scene).mute(scene.conversationId, other(scene), scene.random() < 0.5 ? inAnHour() : null)],
  [2, (scene) => api(scene).update(scene.conversationId, { name: words(scene) })],
  [
    1,
    (scene) => api(scene).update(scene.conversationId, { historyVisibility: scene.random() < 0.5 ? 'all' : 'joined' }),
  ],
  [5, ({ hand }) => hand.line.cut()],
  [9, ({ hand }) => hand.line.mend()],
  // On a line that is cut it lasts until somebody mends that.
  [4, ({ hand, random }) => void reload(hand, random() < 0.5 ? 'cache' : 'nothing')],
  [4, (scene) => heldOf(scene) && scene.hand.client.store.loadBefore(scene.conversationId, undefined, 5)],
  [2, (scene) => void scene.hand.client.store.onScreen(scene.conversationId)],
];
const WEIGHT = ACTS.reduce((sum, [weight]) => sum + weight, 0);

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function onPoll(scene: Scene, act: (id: string) => Promise<unknown>): Promise<void> {
  const polls = (heldOf(scene)?.messages ?? []).filter(({ messageType }) => messageType === 'poll');
  const poll = pick(polls, scene.random);
  if (poll) await act(poll.id);
}

/** Somebody does something; throws where the server is at fault. */
export async function act(company: Company, conversations: readonly string[], random: () => number): Promise<void> {
  const hand = pick(company.hands, random);
  const conversationId = pick(conversations, random);
  if (!hand || !conversationId) throw new Error('nobody or nothing to act on');
  let left = random() * WEIGHT;
  const [, chosen] = ACTS.find(([weight]) => (left -= weight) < 0) ?? [];
  try {
    await chosen?.({ company, hand, conversationId, random });
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    // What is answered may be gone by the time the reply arrives, and chance may pick oneself.
    const isOurs = error.errors.some(({ path }) => path === 'replyToId' || path === 'userId');
    if (FAULTS.has(error.code) && !isOurs) throw error;
  }
}
