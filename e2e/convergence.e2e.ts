import { describe, expect, it } from 'vitest';
import { type Message, outboxOf, type SendOptions, stretchOf } from '@parley/sdk';
import { type Actor, cast, deviceOf } from './cast.js';
import { expectLiveEqualsReload, sightOf } from './convergence.js';
import type { Deployment } from './harness/index.js';
import { describeOnEachDeployment } from './on-each-deployment.js';

/** Ann and Bob with their stores, and a group of both that Ann owns. */
async function group(on: Deployment) {
  const { ann, bob, cem } = await cast(on, 'ann', 'bob', 'cem');
  const chat = await ann.client.conversations.create({ type: 'group', name: 'Room', participantIds: [bob.id] });
  await Promise.all([ann, bob, cem].map(({ client }) => client.store.start()));
  return { ann, bob, cem, id: chat.id };
}

/** A chat of two with their stores. */
async function pair(on: Deployment) {
  const { ann, bob } = await cast(on, 'ann', 'bob');
  const chat = await ann.client.conversations.direct(bob.id);
  await Promise.all([ann, bob].map(({ client }) => client.store.start()));
  return { ann, bob, id: chat.id };
}

const say = (who: Actor, id: string, content: string) => who.client.messages.post(id, content);
const expectAllEqual = async (...people: Actor[]) => {
  for (const person of people) await expectLiveEqualsReload(person);
};

type Group = Awaited<ReturnType<typeof group>>;
/** The first of the messages that are there. */
const first = ({ messages: [message] }: { messages: readonly Message[] }): string => message?.id ?? '';
/** Bob answers the first message. */
const answer = (at: Group & { messages: readonly Message[] }) =>
  at.bob.client.messages.post(at.id, 'as you say', { replyToId: first(at) });
const POLL: SendOptions = { messageType: 'poll', metadata: { question: 'Lunch?', options: ['Noodles', 'Soup'] } };
const inOneMinute = () => new Date(Date.now() + 60_000).toISOString();

/** Every durable thing that happens in a conversation, after three messages of Ann that Bob has not read. */
const EVENTS: readonly [string, (at: Group & { messages: readonly Message[] }) => Promise<unknown>][] = [
  ['a message', ({ ann, id }) => say(ann, id, 'hello')],
  ['an edit', ({ ann, ...at }) => ann.client.messages.edit(first(at), 'better said')],
  ['an unread message that is deleted', ({ ann, ...at }) => ann.client.messages.delete(first(at))],
  ['a message one deletes for oneself', ({ bob, ...at }) => bob.client.messages.delete(first(at), 'me')],
  [
    'a hidden message that is edited',
    async ({ ann, bob, ...at }) => {
      await answer({ ann, bob, ...at });
      await bob.client.messages.delete(first(at), 'me');
      await ann.client.messages.edit(first(at), 'not for bob');
    },
  ],
  [
    'a reply to what is then edited',
    async (at) => {
      await answer(at);
      await at.ann.client.messages.edit(first(at), 'long '.repeat(100));
    },
  ],
  [
    'a reply to what is then deleted',
    async (at) => {
      await answer(at);
      await at.ann.client.messages.delete(first(at));
    },
  ],
  [
    'a reaction, and one that is taken back',
    async ({ ann, bob, ...at }) => {
      await bob.client.messages.react(first(at), '👍');
      await ann.client.messages.react(first(at), '🎉');
      await ann.client.messages.unreact(first(at), '🎉');
    },
  ],
  ['a pin', ({ ann, ...at }) => ann.client.messages.pin(first(at))],
  ['a forwarded message', ({ ann, id, ...at }) => ann.client.messages.forward(first(at), id)],
  [
    'a poll that is voted on and closed',
    async ({ ann, bob, id }) => {
      const poll = await ann.client.messages.post(id, undefined, POLL);
      await bob.client.messages.vote(poll.id, [1]);
      await ann.client.messages.vote(poll.id, [0]);
      await ann.client.messages.closePoll(poll.id);
    },
  ],
  [
    'a mention that is edited away, and one that is edited in',
    async ({ ann, bob, id, messages }) => {
      const mention = await say(ann, id, `@${bob.username} look`);
      await say(ann, id, '@all too');
      await ann.client.messages.edit(mention.id, 'nothing to see');
      await ann.client.messages.edit(messages[1]?.id ?? '', `@${bob.username} here`);
    },
  ],
  [
    'a mention in a message that is deleted',
    async ({ ann, bob, id }) => {
      const mention = await say(ann, id, `@${bob.username} look`);
      await ann.client.messages.delete(mention.id);
    },
  ],
  [
    'a timer for messages, and one that runs',
    async ({ ann, id }) => {
      await ann.client.conversations.update(id, { messageTtl: 3_600 });
      await say(ann, id, 'gone in an hour');
    },
  ],
  [
    'a message from before a newcomer that is edited',
    async ({ ann, cem, id, ...at }) => {
      await ann.client.conversations.update(id, { historyVisibility: 'joined' });
      await ann.client.conversations.add(id, [cem.id]);
      await ann.client.messages.edit(first(at), 'not for cem');
    },
  ],
  ['a read mark', ({ bob, id }) => bob.client.messages.markRead({ conversationId: id, seq: 2 })],
  ['a delivered mark', ({ bob, id }) => bob.client.messages.markDelivered({ conversationId: id, seq: 3 })],
  ['a new name', ({ ann, id }) => ann.client.conversations.update(id, { name: 'Hall', description: 'Of fame' })],
  ['new settings', ({ ann, id }) => ann.client.conversations.update(id, { slowModeSeconds: 5, joinPolicy: 'open' })],
  ['other permissions', ({ ann, id }) => ann.client.conversations.update(id, { permissions: { post: 'admin' } })],
  ['a newcomer', ({ ann, cem, id }) => ann.client.conversations.add(id, [cem.id])],
  ['a removal', ({ ann, bob, id }) => ann.client.conversations.remove(id, bob.id)],
  ['a member who leaves', ({ bob, id }) => bob.client.conversations.leave(id)],
  ['an owner who leaves', ({ ann, id }) => ann.client.conversations.leave(id)],
  ['a role', ({ ann, bob, id }) => ann.client.conversations.changeRole(id, bob.id, 'moderator')],
  ['a muted member', ({ ann, bob, id }) => ann.client.conversations.mute(id, bob.id, inOneMinute())],
  ['a ban', ({ ann, bob, id }) => ann.client.conversations.ban(id, bob.id, { reason: 'enough' })],
  ['a ban of somebody outside', ({ ann, cem, id }) => ann.client.conversations.ban(id, cem.id)],
  ['a new owner', ({ ann, bob, id }) => ann.client.conversations.transfer(id, bob.id)],
  ['preferences', ({ bob, id }) => bob.client.conversations.setPreferences(id, { pinned: true, markedUnread: true })],
  ['a draft', ({ bob, id }) => bob.client.conversations.saveDraft(id, { content: 'I wanted to' })],
  ['the end of the group', ({ ann, id }) => ann.client.conversations.delete(id)],
  [
    'somebody who comes by invite',
    async ({ ann, cem, id }) => {
      const { code } = await ann.client.conversations.createInvite(id);
      await cem.client.conversations.join(id, code);
    },
  ],
  [
    'somebody who is let in',
    async ({ ann, cem, id }) => {
      const { code } = await ann.client.conversations.createInvite(id, { requiresApproval: true });
      await cem.client.conversations.join(id, code);
      await ann.client.conversations.approve(id, cem.id);
    },
  ],
  [
    'somebody who comes back',
    async ({ ann, bob, id }) => {
      await bob.client.conversations.leave(id);
      await ann.client.conversations.update(id, { historyVisibility: 'joined' });
      await ann.client.conversations.add(id, [bob.id]);
      await say(ann, id, 'welcome back');
    },
  ],
];

describeOnEachDeployment((on) => {
  describe('a store that is told live', () => {
    it.each(EVENTS)('equals a reload after %s', async (_, happen) => {
      const at = await group(on());
      const messages = [];
      for (const content of ['one', 'two', 'three']) messages.push(await say(at.ann, at.id, content));
      await happen({ ...at, messages });
      await expectAllEqual(at.ann, at.bob, at.cem);
    });

    it('equals a reload when two people write and read at once', async () => {
      const { ann, bob, id } = await pair(on());
      await Promise.all(
        Array.from({ length: 60 }, async (__, index) => {
          const who = index % 2 ? ann : bob;
          const { seq } = await say(who, id, `line ${index}`);
          if (index % 3 === 0) await who.client.messages.markRead({ conversationId: id, seq });
        }),
      );
      await expectAllEqual(ann, bob);
    });

    it('equals a reload after an absence, however much was missed', async () => {
      const { ann, bob, id } = await group(on());
      bob.client.disconnect();
      await Promise.all(Array.from({ length: 250 }, (__, index) => say(ann, id, `line ${index}`)));
      await ann.client.conversations.update(id, { name: 'While you were out' });
      await bob.client.connect();
      await expectAllEqual(ann, bob);
    });

    it('shows the same on every device of a person', async () => {
      const { ann, bob, id } = await pair(on());
      const tablet = await deviceOf({ username: bob.username, url: ann.url });
      await tablet.client.store.start();
      await say(ann, id, 'one');
      await bob.client.messages.markRead({ conversationId: id, seq: 1 });
      bob.client.store.send(id, 'from the phone');
      await expectLiveEqualsReload(tablet);
      await expectLiveEqualsReload(bob);
      expect(await sightOf(tablet.client)).toEqual(await sightOf(bob.client));
      tablet.client.disconnect();
    });

    it('tells the sender that messages have arrived, without being asked to', async () => {
      const { ann, bob, id } = await pair(on());
      await say(ann, id, 'are you there?');
      await ann.hears('receipt', ({ userId, lastDeliveredSeq }) => userId === bob.id && lastDeliveredSeq === 1);
      await expectAllEqual(ann, bob);
    });
  });

  describe('what is sent through the store', () => {
    it('is shown at once, and never twice', async () => {
      const { ann, bob, id } = await pair(on());
      const { store } = ann.client;
      const most = { shown: 0 };
      store.subscribe(() => {
        const held = store.getState().conversations.get(id);
        const shown = (held ? held.messages.length : 0) + outboxOf(store.getState(), id).length;
        most.shown = Math.max(most.shown, shown);
      });
      const texts = Array.from({ length: 30 }, (__, index) => `text ${index}`);
      for (const text of texts) store.send(id, text);
      expect(outboxOf(store.getState(), id).map(({ message }) => message.content)).toEqual(texts);
      await bob.hears('new_message', ({ content }) => content === 'text 29');
      await expectAllEqual(ann, bob);
      expect(outboxOf(store.getState(), id)).toEqual([]);
      expect(most.shown).toBe(30);
      const held = store.getState().conversations.get(id);
      expect(held && stretchOf(held).messages.map(({ content }) => content)).toEqual(texts);
    });

    it('shows as failed when it is refused, and can be given up or sent again', async () => {
      const { ann, bob, id } = await group(on());
      await ann.client.conversations.update(id, { permissions: { post: 'admin' } });
      const { store } = bob.client;
      store.send(id, 'may I?');
      store.send(id, 'no?');
      await untilTrue(() => outboxOf(store.getState(), id).every(({ state }) => state === 'failed'), store.subscribe);
      const [first, second] = outboxOf(store.getState(), id);
      expect(first?.error?.code).toBe('forbidden');
      if (second) store.discard(second);
      await ann.client.conversations.update(id, { permissions: { post: 'guest' } });
      if (first) store.retry(first);
      expect(await ann.hears('new_message', ({ senderId }) => senderId === bob.id)).toMatchObject({
        content: 'may I?',
      });
      await expectAllEqual(ann, bob);
      expect(outboxOf(store.getState(), id)).toEqual([]);
    });
  });
});

/** Resolves once a condition holds that changes of a store can bring about. */
const untilTrue = (holds: () => boolean, subscribe: (listener: () => void) => () => void): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = subscribe(look);
    look();
  });
