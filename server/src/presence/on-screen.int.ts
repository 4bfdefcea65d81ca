import { randomUUID } from 'node:crypto';
import type { AckData, Conversation, Message } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket, type TestSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const open: TestSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});
async function connect(person: Person, url = app.url): Promise<TestSocket> {
  const socket = await connectSocket(url, person.accessToken);
  open.push(socket);
  return socket;
}
async function group(owner: Person, ...members: Person[]): Promise<string> {
  const input = { type: 'group', name: 'Room', participantIds: members.map(({ id }) => id) };
  return (await owner.call<Conversation>('POST', '/conversations', input)).body.id;
}
const people = (...names: string[]) => Promise.all(names.map((name) => app.person(name)));
const send = async (sender: Person, conversationId: string, content = 'text') =>
  (await sender.call<Message>('POST', '/messages', { conversationId, content })).body;
const read = (reader: Person, conversationId: string, seq: number) =>
  reader.call('POST', '/messages/mark-read', { conversationId, seq });
const keepPrivate = (person: Person) => person.call('PUT', '/users/profile', { privacy: { readReceipts: false } });
async function show(socket: TestSocket, conversationId: string): Promise<AckData<'join_conversation'>> {
  const answer = await socket.request('join_conversation', { conversationId });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.data;
}
/** A scene of three in one group, who all have it on screen. */
async function scene() {
  const [olga, max, nina] = (await people('olga', 'max', 'nina')) as [Person, Person, Person];
  const room = await group(olga, max, nina);
  const [hers, his, ninas] = await Promise.all([connect(olga), connect(max), connect(nina)]);
  for (const socket of [hers, his, ninas]) await show(socket, room);
  return { olga, max, nina, room, hers, his, ninas };
}
/** Comes to a socket after all that was told of a conversation before. */
async function sign(to: TestSocket, conversationId: string, by: Person): Promise<void> {
  const { id } = await send(by, conversationId);
  await to.hears('new_message', (message) => message.id === id);
}

describe('a conversation on screen', () => {
  it('says where it stands and how far its members have read', async () => {
    const [olga, max] = (await people('olga', 'max')) as [Person, Person];
    const room = await group(olga, max);
    await send(olga, room);
    await send(olga, room);
    await max.call('POST', '/messages/mark-delivered', { conversationId: room, seq: 2 });
    await read(max, room, 1);
    const { rev } = (await olga.call<Conversation>('GET', `/conversations/${room}`)).body;
    const shown = await show(await connect(olga), room);
    expect(shown).toMatchObject({ lastSeq: 2, rev });
    expect(shown.receipts.find(({ userId }) => userId === max.id)).toMatchObject({
      conversationId: room,
      lastDeliveredSeq: 2,
      lastReadSeq: 1,
    });
  });

  it('is refused to strangers like one that does not exist', async () => {
    const [olga, mallory] = (await people('olga', 'mallory')) as [Person, Person];
    const room = await group(olga);
    const his = await connect(mallory);
    const unknown = await his.request('join_conversation', { conversationId: randomUUID() });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await his.request('join_conversation', { conversationId: room })).toEqual(unknown);
  });

  it('hears of each reader once in a while, the furthest of what they read', async () => {
    const { olga, max, room, hers } = await scene();
    for (let index = 0; index < 5; index += 1) await send(olga, room);
    await Promise.all([1, 2, 3, 4, 5].map((seq) => read(max, room, seq)));
    const receipt = await hers.hears('receipt', ({ userId, lastReadSeq }) => userId === max.id && lastReadSeq === 5);
    expect(receipt).toMatchObject({ conversationId: room, lastDeliveredSeq: 5 });
    expect(hers.heard('receipt').filter(({ userId }) => userId === max.id).length).toBeLessThan(5);
  });

  it('hears of many readers in one packet', async () => {
    const olga = await app.person('olga');
    const readers = await people(...Array.from({ length: 30 }, () => 'reader'));
    const room = await group(olga, ...readers);
    await send(olga, room);
    const hers = await connect(olga);
    await show(hers, room);
    const told = () => [
      ...hers.heard('receipt').map(({ userId }) => userId),
      ...hers.heard('receipts').flatMap(({ items }) => items.map(({ userId }) => userId)),
    ];
    await Promise.all(readers.map((reader) => read(reader, room, 1)));
    await app.until(async () => told().length >= 30);
    expect(told().toSorted()).toEqual(readers.map(({ id }) => id).toSorted());
    expect(hers.heard('receipts').length).toBeGreaterThan(0);
  });

  it('hears nothing more once it has left the screen', async () => {
    const { olga, max, nina, room, hers, his, ninas } = await scene();
    await send(olga, room);
    expect(await hers.request('leave_conversation', { conversationId: room })).toEqual({ ok: true, data: {} });
    await read(max, room, 1);
    await ninas.hears('receipt', ({ userId }) => userId === max.id);
    await his.request('typing', { conversationId: room, isTyping: true });
    await ninas.hears('typing');
    await sign(hers, room, nina);
    expect(hers.heard('receipt')).toEqual([]);
    expect(hers.heard('typing')).toEqual([]);
  });

  it('hears nothing more once its reader has been put out', async () => {
    const { olga, max, nina, room, hers, his, ninas } = await scene();
    await send(olga, room);
    await olga.call('DELETE', `/conversations/${room}/participants/${max.id}`);
    await read(nina, room, 1);
    await ninas.request('typing', { conversationId: room, isTyping: true });
    await hers.hears('typing');
    await hers.hears('receipt', ({ userId }) => userId === nina.id);
    const other = await group(olga, max);
    await sign(his, other, olga);
    expect(his.heard('typing')).toEqual([]);
    expect(his.heard('receipt')).toEqual([]);
    const typing = await his.request('typing', { conversationId: room, isTyping: true });
    expect(typing).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

describe('receipts of a group', () => {
  it('are not for whoever keeps theirs private, from the moment they do', async () => {
    const { olga, max, nina, room, hers, ninas } = await scene();
    await send(olga, room);
    await send(olga, room);
    await read(max, room, 1);
    await hers.hears('receipt', ({ userId }) => userId === max.id);
    await keepPrivate(olga);
    await read(max, room, 2);
    await ninas.hears('receipt', ({ userId, lastReadSeq }) => userId === max.id && lastReadSeq === 2);
    await sign(hers, room, nina);
    expect(hers.heard('receipt').filter(({ userId }) => userId === max.id)).toHaveLength(1);

    const { receipts } = await show(hers, room);
    expect(receipts.find(({ userId }) => userId === max.id)).toMatchObject({ lastDeliveredSeq: 2, lastReadSeq: 0 });
    await send(olga, room);
    await read(max, room, 9);
    await ninas.hears('receipt', ({ userId, lastReadSeq }) => userId === max.id && lastReadSeq > 2);
    await sign(hers, room, nina);
    expect(hers.heard('receipt').filter(({ userId }) => userId === max.id)).toHaveLength(1);
  });

  it('say only what was delivered to whoever keeps theirs private', async () => {
    const { olga, max, room, hers, his } = await scene();
    await send(olga, room);
    await send(olga, room);
    await read(max, room, 1);
    await hers.hears('receipt', ({ lastReadSeq }) => lastReadSeq === 1);
    await keepPrivate(max);
    await read(max, room, 2);
    expect(
      await hers.hears('receipt', ({ userId, lastDeliveredSeq }) => userId === max.id && lastDeliveredSeq === 2),
    ).toMatchObject({ lastReadSeq: 1 });
    await his.hears('receipt', ({ lastReadSeq }) => lastReadSeq === 2);
  });
});

describe('typing', () => {
  it('is told to those who have the conversation on screen, and to no device of who types', async () => {
    const { olga, max, room, hers, his, ninas } = await scene();
    const [tablet, elsewhere] = [await connect(max), await connect(olga)];
    await show(tablet, room);
    expect(await his.request('typing', { conversationId: room, isTyping: true })).toEqual({ ok: true, data: {} });
    await his.request('typing', { conversationId: room, isTyping: false });
    const expected = [true, false].map((isTyping) => ({ conversationId: room, userId: max.id, isTyping }));
    for (const socket of [hers, ninas]) {
      await socket.hears('typing', ({ isTyping }) => !isTyping);
      expect(socket.heard('typing')).toEqual(expected);
    }
    for (const socket of [his, tablet, elsewhere]) {
      await sign(socket, room, olga);
      expect(socket.heard('typing')).toEqual([]);
    }
  });

  it('is refused to strangers like that of a conversation that does not exist', async () => {
    const [olga, mallory] = (await people('olga', 'mallory')) as [Person, Person];
    const room = await group(olga);
    const [hers, his] = [await connect(olga), await connect(mallory)];
    await show(hers, room);
    const unknown = await his.request('typing', { conversationId: randomUUID(), isTyping: true });
    expect(await his.request('typing', { conversationId: room, isTyping: true })).toEqual(unknown);
    expect(unknown).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await sign(hers, room, olga);
    expect(hers.heard('typing')).toEqual([]);
  });

  it('has a limit', async () => {
    const limited = await startTestApp({ LIMITS: 'on' });
    const olga = await limited.person('olga');
    const input = { type: 'group', name: 'Room', participantIds: [] };
    const { id } = (await olga.call<Conversation>('POST', '/conversations', input)).body;
    const hers = await connect(olga, limited.url);
    const answers = await Promise.all(
      Array.from({ length: 70 }, () => hers.request('typing', { conversationId: id, isTyping: true })),
    );
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ error: { code: 'rate_limited', retryable: true } });
    hers.close();
    await limited.close();
  });
});
