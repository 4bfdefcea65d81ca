import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, ParleyError } from '@parley/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, cast, deviceOf } from './cast.js';
import { expectLiveEqualsReload } from './convergence.js';
import { type Deployment, readHistory, type RunningServer, startServer } from './harness/index.js';
import { describeOnEachDeployment } from './on-each-deployment.js';

/** Ann, who owns a group, and Bob in it; Cem outside. Ann and Cem are on one node, Bob is on the other. */
async function group(on: Deployment, settings: { historyVisibility?: 'joined'; messageTtl?: number } = {}) {
  const { ann, bob, cem } = await cast(on, 'ann', 'bob', 'cem');
  const input = { type: 'group' as const, name: 'Room', participantIds: [bob.id], ...settings };
  const { id } = await ann.client.conversations.create(input);
  await Promise.all([ann, bob, cem].map(({ client }) => client.store.start()));
  return { ann, bob, cem, id };
}

const say = (who: Actor, id: string, content: string, replyToId?: string) =>
  who.client.messages.post(id, content, { ...(replyToId !== undefined && { replyToId }) });
const hearsOf = (who: Actor, { id }: Pick<Message, 'id'>, matches: (message: Message) => boolean) =>
  who.hears('message_updated', (message) => message.id === id && matches(message));
const countsOf = async (who: Actor, id: string) => {
  const { me } = await who.client.conversations.get(id);
  return { unread: me.unreadCount, mentions: me.mentionCount };
};
const expectAllEqual = async (...people: Actor[]) => {
  for (const person of people) await expectLiveEqualsReload(person);
};

describeOnEachDeployment((on) => {
  it('quote what a reply answers to those who can see it, and keep threads together', async () => {
    const { ann, bob, cem, id } = await group(on(), { historyVisibility: 'joined' });
    const root = await say(ann, id, 'before your time');
    await ann.client.conversations.add(id, [cem.id]);
    const reply = await say(bob, id, 'an answer', root.id);
    const deeper = await say(ann, id, 'and another', reply.id);

    const told = await hearsOf(ann, reply, ({ replyTo }) => replyTo?.content !== null);
    expect(told.replyTo).toMatchObject({ id: root.id, senderId: ann.id, content: 'before your time' });
    const kept = await cem.hears('new_message', (message) => message.id === reply.id);
    expect(kept.replyTo).toMatchObject({ senderId: null, content: null, messageType: null });
    await expect(cem.client.messages.thread(root.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(say(cem, id, 'what was it?', root.id)).rejects.toMatchObject({ code: 'validation_failed' });
    const thread = await bob.client.messages.thread(root.id);
    expect(thread).toMatchObject({ root: { id: root.id }, replyCount: 2, hasMoreAfter: false });
    expect(thread.items.map((item) => item.id)).toEqual([reply.id, deeper.id]);
    await expectAllEqual(ann, bob, cem);
  });

  it('are refused when they are too long, and hold nothing else up', async () => {
    const { ann, bob, id } = await group(on());
    // A letter of three bytes: longer than this server allows, than any does, and than what is read at all.
    const long = [20_000, 65_536, 70_000, 200_000].map((length) => ann.client.messages.send(id, 'ế'.repeat(length)));
    const codes = long.map((sent) => sent.catch(({ code }: ParleyError) => code));
    const last = await ann.client.messages.send(id, 'short');
    expect(await Promise.all(codes)).toEqual([...Array(3).fill('validation_failed'), 'payload_too_large']);
    await bob.hears('new_message', (message) => message.id === last.id);
    expect(ann.client.state).toBe('connected');
    expect((await readHistory(bob.client, id)).map(({ content }) => content)).toEqual(['short']);
  });

  it('show an edit to everyone and in every quote, and what was said before to those who may see it', async () => {
    const { ann, bob, cem, id } = await group(on());
    await ann.client.conversations.add(id, [cem.id]);
    const message = await say(bob, id, 'teh words');
    const reply = await say(cem, id, 'which?', message.id);
    await expect(ann.client.messages.edit(message.id, 'mine')).rejects.toMatchObject({ code: 'forbidden' });
    await bob.client.messages.edit(message.id, 'the words');
    expect(await hearsOf(ann, message, ({ isEdited }) => isEdited)).toMatchObject({ content: 'the words' });
    const history = await readHistory(ann.client, id);
    expect(history.find((item) => item.id === reply.id)?.replyTo).toMatchObject({ content: 'the words' });
    for (const who of [bob, ann]) {
      expect(await who.client.messages.versions(message.id)).toMatchObject([{ content: 'teh words' }]);
    }
    await expect(cem.client.messages.versions(message.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expectAllEqual(ann, bob, cem);
  });

  it('vanish for oneself on every device, and for nobody else', async () => {
    const { ann, bob, id } = await group(on());
    // Bob's second device is on the other node.
    const tablet = await deviceOf({ username: bob.username, url: ann.url });
    await tablet.client.store.start();
    const message = await say(ann, id, 'not for my eyes');
    await say(ann, id, 'look again', message.id);
    await bob.client.messages.delete(message.id, 'me');
    expect(await bob.hears('message_hidden')).toMatchObject({ conversationId: id, seq: message.seq });
    expect(await countsOf(bob, id)).toEqual({ unread: 1, mentions: 0 });
    expect((await readHistory(bob.client, id)).map(({ content }) => content)).toEqual([null, 'look again']);
    expect((await readHistory(ann.client, id)).map(({ content }) => content)).toEqual([
      'not for my eyes',
      'look again',
    ]);
    for (const device of [bob, tablet, ann]) await expectLiveEqualsReload(device);
    tablet.client.disconnect();
  });

  it('leave nothing of what they said once they are deleted for everyone', async () => {
    const { ann, bob, id } = await group(on());
    const message = await say(bob, id, `@${ann.username} a SECRET`);
    await bob.client.messages.edit(message.id, `@${ann.username} a worse SECRET`);
    await ann.client.messages.pin(message.id);
    const reply = await say(ann, id, 'do not say that', message.id);
    expect(await countsOf(ann, id)).toEqual({ unread: 1, mentions: 1 });
    await bob.client.messages.delete(message.id);
    await hearsOf(ann, message, ({ deletedAt }) => deletedAt !== null);
    for (const who of [ann, bob]) {
      const history = await readHistory(who.client, id);
      expect(JSON.stringify(history)).not.toContain('SECRET');
      const quote = history.find((item) => item.id === reply.id)?.replyTo;
      expect(quote).toMatchObject({ id: message.id, content: null, deletedAt: expect.any(String) as string });
      const thread = await who.client.messages.thread(message.id);
      const fresh = who.reload();
      await fresh.store.start();
      const synced = [...fresh.store.getState().conversations.values()];
      expect(JSON.stringify([thread, synced])).not.toContain('SECRET');
      expect(await who.client.conversations.pins(id)).toEqual([]);
    }
    expect(await ann.client.messages.versions(message.id)).toEqual([]);
    expect(await countsOf(ann, id)).toEqual({ unread: 0, mentions: 0 });
    await expectAllEqual(ann, bob);
  });

  it('count mentions for who is meant, and of everyone for those who may call everyone', async () => {
    const { ann, bob, cem, id } = await group(on());
    await ann.client.conversations.add(id, [cem.id]);
    await say(ann, id, `@${bob.username.toUpperCase()} and nobody else`);
    const all = await say(ann, id, 'hear, @all!');
    expect(all.mentions).toEqual([{ userId: null, offset: 6, length: 4 }]);
    expect((await say(cem, id, '@all, please')).mentions).toEqual([]);
    // With the notice that Cem was added.
    expect(await countsOf(bob, id)).toEqual({ unread: 4, mentions: 2 });
    expect(await countsOf(cem, id)).toEqual({ unread: 2, mentions: 1 });
    await bob.client.messages.markRead({ conversationId: id, seq: all.seq });
    expect(await countsOf(bob, id)).toEqual({ unread: 1, mentions: 0 });
    await expectAllEqual(ann, bob, cem);
  });

  it('are passed on with their origin, by those who see them and where they may write', async () => {
    const { ann, bob, cem, id } = await group(on());
    const message = await say(ann, id, `@${bob.username} look`);
    const chat = await cem.client.conversations.direct(bob.id);
    const passed = await bob.client.messages.forward(message.id, chat.id);
    const told = await cem.hears('new_message', (heard) => heard.id === passed.id);
    expect(told).toMatchObject({ senderId: bob.id, content: message.content, mentions: [] });
    expect(told.forwardedFrom).toEqual({ senderId: ann.id, createdAt: message.createdAt, hops: 1 });
    // Cem cannot see the first one, and may pass on what reached him.
    await expect(cem.client.messages.forward(message.id, chat.id)).rejects.toMatchObject({ code: 'not_found' });
    const input = { type: 'channel' as const, name: 'News', participantIds: [cem.id] };
    const channel = await ann.client.conversations.create(input);
    await expect(cem.client.messages.forward(passed.id, channel.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(bob.client.messages.forward(message.id, channel.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await readHistory(ann.client, channel.id)).filter(({ forwardedFrom }) => forwardedFrom)).toEqual([]);
    const again = await cem.client.messages.forward(passed.id, chat.id);
    expect(again.forwardedFrom).toMatchObject({ senderId: ann.id, hops: 2 });
    await expectAllEqual(ann, bob, cem);
  });

  it('are pinned by those who may, for everyone to see', async () => {
    const { ann, bob, id } = await group(on());
    const [first, second] = [await say(bob, id, 'first'), await say(bob, id, 'second')];
    await expect(bob.client.messages.pin(first.id)).rejects.toMatchObject({ code: 'forbidden' });
    for (const { id: messageId } of [first, second]) await ann.client.messages.pin(messageId);
    expect(await hearsOf(bob, second, ({ pinned }) => pinned !== undefined)).toMatchObject({ pinned: { by: ann.id } });
    expect((await bob.client.conversations.pins(id)).map((pin) => pin.id)).toEqual([second.id, first.id]);
    await ann.client.messages.unpin(second.id);
    expect((await bob.client.conversations.pins(id)).map((pin) => pin.id)).toEqual([first.id]);
    await expectAllEqual(ann, bob);
  });

  it('ask in polls: every vote counts once, from wherever, and an anonymous one tells nobody whose', async () => {
    const { ann, bob, cem, id } = await group(on());
    await ann.client.conversations.add(id, [cem.id]);
    const metadata = { question: 'Lunch?', options: ['Noodles', 'Soup', 'Both'] };
    const ask = (more: object = {}) =>
      ann.client.messages.post(id, undefined, { messageType: 'poll', metadata: { ...metadata, ...more } });
    const open = await ask();
    // They change their minds at the same time, on both nodes.
    await Promise.all(
      [ann, bob, cem].flatMap((who) => [0, 1, 2].map((option) => who.client.messages.vote(open.id, [option]))),
    );
    for (const [index, who] of [ann, bob, cem].entries()) await who.client.messages.vote(open.id, [index % 2]);
    const now = (await readHistory(bob.client, id)).find((message) => message.id === open.id);
    expect(now?.poll).toMatchObject({ counts: [2, 1, 0], voters: 3 });
    expect(now?.poll?.userIds.map((userIds) => new Set(userIds))).toEqual(
      [[ann.id, cem.id], [bob.id], []].map((userIds) => new Set(userIds)),
    );
    await expect(bob.client.messages.vote(open.id, [0, 1])).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(bob.client.messages.closePoll(open.id)).rejects.toMatchObject({ code: 'forbidden' });
    await ann.client.messages.closePoll(open.id);
    await expect(bob.client.messages.vote(open.id, [1])).rejects.toMatchObject({ code: 'poll_closed' });

    const secret = await ask({ anonymous: true, multiple: true });
    await bob.client.messages.vote(secret.id, [0, 2]);
    const told = await hearsOf(ann, secret, ({ poll }) => poll?.voters === 1);
    expect(told.poll).toMatchObject({ counts: [1, 0, 1], userIds: [[], [], []] });
    expect(await bob.client.messages.ownVote(secret.id)).toEqual([0, 2]);
    expect(await ann.client.messages.ownVote(secret.id)).toEqual([]);
    await expectAllEqual(ann, bob, cem);
  });

  it('disappear for everyone within ten seconds of being due, and from every count', async () => {
    const { ann, bob, id } = await group(on(), { messageTtl: 5 });
    const message = await say(ann, id, `@${bob.username} gone SOON`);
    const reply = await say(ann, id, 'too', message.id);
    expect(await countsOf(bob, id)).toEqual({ unread: 2, mentions: 1 });
    for (const who of [ann, bob]) {
      const told = await hearsOf(who, message, ({ deletedAt }) => deletedAt !== null);
      expect(told).toMatchObject({ content: null, mentions: [] });
      expect(Date.now() - Date.parse(message.expiresAt ?? '')).toBeLessThan(10_000);
      await hearsOf(who, reply, ({ deletedAt }) => deletedAt !== null);
      expect(JSON.stringify(await readHistory(who.client, id))).not.toContain('SOON');
    }
    expect(await countsOf(bob, id)).toEqual({ unread: 0, mentions: 0 });
    await expectAllEqual(ann, bob);
  });
});

describe('messages that were due while the server was down', () => {
  const env = { LIMITS: 'off', LOG_LEVEL: 'warn' };
  let dataDir = '';
  let server: RunningServer;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    await chmod(dataDir, 0o711);
    server = await startServer({ dataDir, env });
  });
  afterAll(async () => {
    await server.cleanup();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('disappear once it is back', async () => {
    const { port, url } = server;
    const { ann, bob, id } = await group({ urls: [url], servers: [server], cleanup: () => server.cleanup() }, {});
    await ann.client.conversations.update(id, { messageTtl: 5 });
    const message = await say(ann, id, 'gone MEANWHILE');
    await server.stop();
    await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(Date.parse(message.expiresAt ?? ''));
    server = await startServer({ dataDir, env, port });
    const startedAt = Date.now();
    expect(JSON.stringify(await readHistory(bob.client, id))).not.toContain('MEANWHILE');
    await expect
      .poll(() => JSON.stringify([...ann.client.store.getState().conversations.values()]), { timeout: 10_000 })
      .not.toContain('MEANWHILE');
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await expectAllEqual(ann, bob);
    for (const who of [ann, bob]) who.client.disconnect();
  });
});
