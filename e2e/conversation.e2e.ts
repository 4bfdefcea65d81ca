import { describe, expect, it } from 'vitest';
import { type Actor, cast } from './cast.js';
import { type Attempt, check, readHistory } from './harness/index.js';
import { describeOnEachDeployment } from './on-each-deployment.js';

const CANARY = 'canary-7f3a-of-the-text';

describeOnEachDeployment((on) => {
  describe('two people', () => {
    it('hold a conversation: each message reaches both, once, in one order, and is there for good', async () => {
      const { alice, bob } = await cast(on(), 'alice', 'bob');
      const chat = await alice.client.conversations.direct(bob.id);
      expect(await bob.hears('conversation_updated')).toMatchObject({ id: chat.id, peer: { id: alice.id } });

      const attempts: Attempt[] = [];
      const say = async (who: Actor, content: string) => {
        const sent = await who.client.messages.send(chat.id, content);
        attempts.push({ senderId: who.id, clientMessageId: sent.clientMessageId, content, acked: sent });
      };
      await say(alice, 'Xin chào!');
      await say(bob, `שלום 👋🏽 ${CANARY}`);
      await Promise.all(Array.from({ length: 50 }, (_, index) => say(index % 2 ? alice : bob, `line ${index}`)));
      await Promise.all([alice, bob].map((who) => who.hears('new_message', ({ seq }) => seq === 52)));

      const all = Array.from({ length: 52 }, (_, index) => index + 1);
      const violations = check({
        attempts: attempts.sort((a, b) => (a.acked?.seq ?? 0) - (b.acked?.seq ?? 0)),
        histories: new Map([
          ['alice', await readHistory(alice.client, chat.id)],
          ['bob', await readHistory(bob.client, chat.id, 'backward')],
        ]),
        live: new Map([
          ['alice', alice.messages],
          ['bob', bob.messages],
        ]),
        mustBeLive: new Map([
          ['alice', all],
          ['bob', all],
        ]),
      });
      expect(violations).toEqual([]);
    });

    it('keep the order of sends that were not waited for', async () => {
      const { alice, bob } = await cast(on(), 'alice', 'bob');
      const chat = await alice.client.conversations.direct(bob.id);
      const contents = Array.from({ length: 200 }, (_, index) => `pipelined ${index}`);
      await Promise.all(contents.map((content) => alice.client.messages.send(chat.id, content)));
      const history = await readHistory(bob.client, chat.id);
      expect(history.map((message) => message.content)).toEqual(contents);
    });

    it('see each other read, and the same count of unread on every device', async () => {
      const { alice, bob } = await cast(on(), 'alice', 'bob');
      const chat = await alice.client.conversations.direct(bob.id);
      for (const text of ['one', 'two', 'three']) await alice.client.messages.send(chat.id, text);
      expect((await bob.client.conversations.get(chat.id)).me.unreadCount).toBe(3);
      expect(await bob.client.messages.markRead({ conversationId: chat.id, seq: 2 })).toEqual({
        lastReadSeq: 2,
        unreadCount: 1,
      });
      expect(await alice.hears('receipt')).toMatchObject({ userId: bob.id, lastReadSeq: 2, lastDeliveredSeq: 2 });
      expect((await bob.client.conversations.list()).items[0]?.me.unreadCount).toBe(1);
    });

    it('may keep their receipts to themselves', async () => {
      const { alice, bob } = await cast(on(), 'alice', 'bob');
      await bob.client.users.updateProfile({ privacy: { readReceipts: false } });
      const chat = await alice.client.conversations.direct(bob.id);
      await alice.client.messages.send(chat.id, 'read this');
      await bob.client.messages.markRead({ conversationId: chat.id, seq: 1 });
      expect(await bob.hears('receipt')).toMatchObject({ lastReadSeq: 1 });
      // That it was delivered is no secret. What comes after on the same socket shows what came before it.
      await alice.hears('receipt', ({ userId, lastDeliveredSeq }) => userId === bob.id && lastDeliveredSeq === 1);
      await bob.client.messages.send(chat.id, 'done');
      await alice.hears('new_message', ({ content }) => content === 'done');
      expect(alice.heard('receipt').filter(({ lastReadSeq }) => lastReadSeq > 0)).toEqual([]);
      expect((await alice.client.conversations.get(chat.id)).peerMarks?.lastReadSeq).toBe(0);
    });
  });

  describe('a group', () => {
    it('tells everyone who comes and goes, and stops at once for who is removed', async () => {
      const { olga, ann, max } = await cast(on(), 'olga', 'ann', 'max');
      const group = await olga.client.conversations.create({
        type: 'group',
        name: 'Courtyard',
        participantIds: [ann.id],
      });
      await ann.hears('conversation_updated');
      await olga.client.conversations.add(group.id, [max.id]);
      const seen = await max.hears('conversation_updated');
      expect(seen).toMatchObject({ id: group.id, memberCount: 3, me: { role: 'member', unreadCount: 0 } });
      expect(await ann.hears('participant_joined')).toMatchObject({ participant: { userId: max.id } });

      await ann.client.messages.send(group.id, 'welcome');
      await max.hears('new_message', ({ content }) => content === 'welcome');
      await olga.client.conversations.remove(group.id, max.id);
      expect(await max.hears('conversation_removed')).toMatchObject({ conversationId: group.id, reason: 'removed' });
      const known = max.messages.length;
      await ann.client.messages.send(group.id, 'a secret');
      await ann.hears('new_message', ({ content }) => content === 'a secret');

      await expect(max.client.messages.send(group.id, 'still here?')).rejects.toMatchObject({ code: 'not_found' });
      await expect(max.client.messages.history(group.id)).rejects.toMatchObject({ code: 'not_found' });
      expect((await max.client.conversations.list()).items).toEqual([]);
      expect(max.messages).toHaveLength(known);
    });

    it('never tells a member who is being removed of what comes after', async () => {
      const { olga, ann, max } = await cast(on(), 'olga', 'ann', 'max');
      const members = [ann.id, max.id];
      const group = await olga.client.conversations.create({ type: 'group', name: 'Race', participantIds: members });
      await max.hears('conversation_updated');
      const flood = Array.from({ length: 300 }, (_, index) => ann.client.messages.send(group.id, `flood ${index}`));
      await ann.hears('new_message', ({ seq }) => seq > 20);
      await olga.client.conversations.remove(group.id, max.id);
      await Promise.all(flood);
      const history = await readHistory(ann.client, group.id);
      const removal = history.find((message) => message.metadata.event === 'participant_removed');
      expect(removal).toBeDefined();
      const lastHeard = Math.max(...max.messages.map((message) => message.seq));
      expect(lastHeard).toBeLessThan(removal?.seq ?? 0);
      expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
    });
  });

  describe('what must not be told', () => {
    it('keeps texts and tokens out of the log', async () => {
      for (const server of on().servers) {
        expect(server.output()).not.toContain(CANARY);
        expect(server.output()).not.toMatch(/eyJhbGciOi/);
      }
    });
  });
});
