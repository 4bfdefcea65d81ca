import { Parley, type Presence } from '@parley/sdk';
import { expect, it } from 'vitest';
import { type Actor, cast, type Device, deviceOf } from './cast.js';
import type { Deployment } from './harness/index.js';
import { openLine } from './line.js';
import { describeOnEachDeployment } from './on-each-deployment.js';

/** Ann and Bob in a chat of two, on different nodes where there are several. */
async function pair(on: Deployment) {
  const { ann, bob } = await cast(on, 'ann', 'bob');
  const { id } = await ann.client.conversations.direct(bob.id);
  await bob.hears('conversation_updated');
  return { ann, bob, id };
}

/** A second device of somebody, on the other node where there is one. */
const elsewhere = ({ urls }: Deployment, who: Actor): Promise<Device> =>
  deviceOf({ username: who.username, url: urls.find((url) => url !== who.url) ?? who.url });

const say = (who: Actor, id: string, content: string) => who.client.messages.post(id, content);
const read = (who: Pick<Actor, 'client'>, conversationId: string, seq: number) =>
  who.client.messages.markRead({ conversationId, seq });

/** Follows somebody's presence; `is` resolves once what is told matches. */
function watch(by: Parley, userId: string) {
  const told: Presence[] = [];
  const stop = by.presence.watch([userId], (presence) => told.push(presence));
  const is = (expected: Partial<Presence>) =>
    expect.poll(() => told.at(-1), { timeout: 15_000 }).toMatchObject(expected);
  return { told, stop, is };
}

describeOnEachDeployment((on) => {
  it('of a message goes from sent over delivered to read, live and on request', async () => {
    const { ann, bob, id } = await pair(on());
    const message = await say(ann, id, 'here?');
    const statusOf = async () => (await ann.client.messages.status(message.id)).items[0]?.status;
    expect(await statusOf()).toBe('sent');
    await bob.client.messages.markDelivered({ conversationId: id, seq: message.seq });
    await ann.hears('receipt', ({ lastDeliveredSeq, lastReadSeq }) => lastDeliveredSeq === 1 && lastReadSeq === 0);
    expect(await statusOf()).toBe('delivered');
    await read(bob, id, message.seq);
    await ann.hears('receipt', ({ userId, lastReadSeq }) => userId === bob.id && lastReadSeq === 1);
    expect(await statusOf()).toBe('read');
    await expect(bob.client.messages.status(message.id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is told of itself by a store that receives, on whichever node', async () => {
    const { ann, bob, id } = await pair(on());
    await Promise.all([ann, bob].map(({ client }) => client.store.start()));
    const { seq } = await say(ann, id, 'to your store');
    await ann.hears('receipt', ({ userId, lastDeliveredSeq }) => userId === bob.id && lastDeliveredSeq === seq);
    const marks = () => ann.client.store.getState().conversations.get(id)?.conversation.peerMarks;
    expect(marks()).toEqual({ lastDeliveredSeq: seq, lastReadSeq: 0 });
  });

  it('of reading comes to those who have a group on screen, in one packet where many read', async () => {
    // More on each node than travel alone.
    const names = Array.from({ length: 44 }, (_, index) => `reader${index}`);
    const { ann, max } = await cast(on(), 'ann', 'max');
    const readers: Actor[] = [];
    // Not all at once: a busy machine may not open that many connections to its database in time.
    while (readers.length < names.length) {
      const some = names.slice(readers.length, readers.length + 11);
      readers.push(...Object.values(await cast(on(), ...some)));
    }
    const participantIds = [max, ...readers].map(({ id }) => id);
    const { id } = await ann.client.conversations.create({ type: 'group', name: 'Crowd', participantIds });
    await ann.client.store.start();
    const close = ann.client.store.onScreen(id);
    const marks = () => ann.client.store.getState().conversations.get(id)?.receipts;
    await expect.poll(() => marks()?.size).toBeGreaterThan(0);

    const isInOnePacket = () => ann.heard('receipts').some(({ items }) => items.length > 20);
    // A busy machine may take longer over all of them than receipts are gathered for; then few of them come alone.
    for (let round = 1; round <= 10 && !isInOnePacket(); round += 1) {
      const { seq } = await say(ann, id, `read me ${round}`);
      await Promise.all(readers.map((reader) => read(reader, id, seq)));
      const isRead = (reader: Actor) => marks()?.get(reader.id)?.lastReadSeq === seq;
      await expect.poll(() => readers.every(isRead)).toBe(true);
    }
    expect(isInOnePacket()).toBe(true);
    close();
    await expect.poll(() => marks()).toBeNull();
    expect([...max.heard('receipt'), ...max.heard('receipts')]).toEqual([]);
  });

  it('of reading is hidden both ways by whoever hides their own', async () => {
    const { ann, bob, id } = await pair(on());
    await bob.client.users.updateProfile({ privacy: { readReceipts: false } });
    const [hers, his] = [await say(ann, id, 'hers'), await say(bob, id, 'his')];
    await read(bob, id, his.seq);
    await read(ann, id, his.seq);
    const statusOf = async (who: Actor, { id: messageId }: { id: string }) =>
      (await who.client.messages.status(messageId)).items.map(({ status }) => status);
    expect(await statusOf(ann, hers)).toEqual(['delivered']);
    expect(await statusOf(bob, his)).toEqual(['delivered']);
  });

  it('of being unread follows a person over their devices', async () => {
    const { ann, bob, id } = await pair(on());
    const second = await elsewhere(on(), bob);
    await Promise.all([bob.client.store.start(), second.client.store.start()]);
    const { seq } = await say(ann, id, 'read it where you like');
    const seat = (device: Pick<Actor, 'client'>) =>
      device.client.store.getState().conversations.get(id)?.conversation.me;
    await expect.poll(() => seat(second)?.unreadCount).toBe(1);
    await read(bob, id, seq);
    await expect.poll(() => seat(second)).toMatchObject({ unreadCount: 0, lastReadSeq: seq });
    await second.client.conversations.setPreferences(id, { markedUnread: true });
    await expect.poll(() => seat(bob)?.markedUnread).toBe(true);
    await read(second, id, seq);
    await expect.poll(() => seat(bob)?.markedUnread).toBe(false);
    second.client.disconnect();
  });

  it('of typing is seen by those who look, and ends with the message or by itself', async () => {
    const { ann, max, bob } = await cast(on(), 'ann', 'max', 'bob');
    const participantIds = [bob.id, max.id];
    const { id } = await ann.client.conversations.create({ type: 'group', name: 'Room', participantIds });
    await Promise.all([ann, bob].map(({ client }) => client.store.start()));
    ann.client.store.onScreen(id);
    const looks = () => ann.client.store.getState().conversations.get(id)?.receipts;
    await expect.poll(() => looks()?.size).toBeGreaterThan(0);
    const seen = () => ann.heard('typing').map(({ userId, isTyping }) => userId === bob.id && isTyping);
    bob.client.typing.start(id);
    await expect.poll(seen).toEqual([true]);
    bob.client.typing.stop(id);
    await expect.poll(seen).toEqual([true, false]);
    bob.client.typing.start(id);
    await expect.poll(seen, { timeout: 15_000 }).toEqual([true, false, true, false]);
    expect(max.heard('typing')).toEqual([]);
    expect(bob.heard('typing')).toEqual([]);
  });

  it('of presence lasts from the first device to the last, and a lost line ends it as a goodbye does', async () => {
    const { ann, bob } = await pair(on());
    const { max } = await cast(bob.url, 'max');
    await ann.client.conversations.direct(max.id);
    const line = await openLine(on().urls.find((url) => url !== bob.url) ?? bob.url);
    const second = await deviceOf({ username: bob.username, url: line.url });
    const [seen, gone] = [watch(ann.client, bob.id), watch(ann.client, max.id)];
    await seen.is({ status: 'online', lastSeen: null });
    await gone.is({ status: 'online' });
    const toldBefore = seen.told.length;
    bob.client.disconnect();
    // Who has no other device and went after Bob is told of: so Bob would have been, too.
    max.client.disconnect();
    await gone.is({ status: 'offline' });
    await second.client.users.setStatus({ status: 'busy', text: 'on the other line' });
    await seen.is({ status: 'busy', text: 'on the other line' });
    expect(seen.told.slice(toldBefore).map(({ status }) => status)).not.toContain('offline');
    line.cut();
    await seen.is({ status: 'offline' });
    expect(seen.told.at(-1)?.lastSeen).not.toBeNull();
    second.client.disconnect();
    await line.close();
  });

  it('of presence is nothing for who is invisible, and keeps to who may know', async () => {
    const { ann, bob } = await pair(on());
    const { eve } = await cast(on(), 'eve');
    const [contact, stranger] = [watch(ann.client, bob.id), watch(eve.client, bob.id)];
    await contact.is({ status: 'online' });
    await stranger.is({ status: 'offline', lastSeen: null });
    await bob.client.users.setStatus({ status: 'invisible' });
    await contact.is({ status: 'offline' });
    await bob.client.users.updateProfile({ privacy: { lastSeen: 'nobody' } });
    await bob.client.users.setStatus({ status: 'away' });
    await contact.is({ status: 'away' });
    bob.client.disconnect();
    await contact.is({ status: 'offline', lastSeen: null });
    expect(stranger.told.map(({ status }) => status)).toEqual(stranger.told.map(() => 'offline'));
  });
});
