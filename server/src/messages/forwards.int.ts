import { randomUUID } from 'node:crypto';
import type { Message, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const forward = (person: Person, { id }: { id: string }, conversationId: string, clientMessageId?: string) =>
  person.call<Message & Problem>('POST', `/messages/${id}/forward`, { conversationId, clientMessageId });

/** One person in two groups. */
async function twoRooms() {
  const [from, to] = [await startRoom(app), await startRoom(app)];
  await to.owner.call('POST', `${to.path}/participants`, { userIds: [from.member.id] });
  return { from, to, person: from.member };
}

describe('forwarding', () => {
  it('carries the words and who wrote them first, and nothing that belongs to where they were', async () => {
    const { from, to, person } = await twoRooms();
    const socket = await connectSocket(app.url, to.owner.accessToken);
    const root = await from.send(from.owner, 'root');
    const message = await from.send(from.owner, {
      content: `@${person.user.username} look`,
      metadata: { colour: 'red' },
      replyToId: root.id,
    });
    await person.call('POST', `/messages/${message.id}/reaction`, { emoji: '👍' });
    const { status, body } = await forward(person, message, to.id);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      conversationId: to.id,
      senderId: person.id,
      messageType: 'text',
      content: message.content,
      metadata: { colour: 'red' },
      replyTo: null,
      reactions: [],
      mentions: [],
      forwardedFrom: { senderId: from.owner.id, createdAt: message.createdAt, hops: 1 },
    });
    expect(body.threadSeq).toBeUndefined();
    expect(await to.look(to.owner, body)).toEqual(body);
    expect(await socket.hears('new_message', ({ id }) => id === body.id)).toEqual(body);
    socket.close();
  });

  it('counts how often it has happened, and keeps the first writer', async () => {
    const { from, to, person } = await twoRooms();
    const message = await from.send(from.owner, 'far');
    const once = await forward(person, message, to.id);
    const twice = await forward(to.owner, once.body, to.id);
    expect(twice.body.forwardedFrom).toEqual({ ...once.body.forwardedFrom, hops: 2 });
  });

  it('carries places, contacts and links as they are', async () => {
    const { from, to, person } = await twoRooms();
    const metadata = { url: 'https://example.org/a', title: 'A' };
    const message = await from.send(from.owner, { messageType: 'link', content: 'see', metadata });
    const { body } = await forward(person, message, to.id);
    expect(body).toMatchObject({ messageType: 'link', content: 'see', metadata });
  });

  it('under the same client message id is the first one, also when the source has been deleted since', async () => {
    const { from, to, person } = await twoRooms();
    const message = await from.send(from.owner, 'once');
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => forward(person, message, to.id, key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 201]);
    await from.owner.call('DELETE', `/messages/${message.id}`);
    expect(await forward(person, message, to.id, key)).toMatchObject({ status: 200, body: answers[0]?.body });
    expect((await forward(person, message, to.id, randomUUID())).body.code).toBe('message_deleted');
    expect((await to.read(to.owner)).filter(({ messageType }) => messageType === 'text')).toHaveLength(1);
  });

  it('needs the right to write at the other end', async () => {
    const from = await startRoom(app);
    const to = await startRoom(app, { permissions: { post: 'admin' } });
    const message = await from.send(from.owner, 'words');
    expect((await forward(from.owner, message, to.id)).status).toBe(404);
    expect((await forward(from.owner, message, randomUUID())).status).toBe(404);
    await to.owner.call('POST', `${to.path}/participants`, { userIds: [from.owner.id] });
    const refused = await forward(from.owner, message, to.id);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });

  it('is not for polls, nor for what the server says', async () => {
    const room = await startRoom(app);
    await room.newcomer();
    const [notice] = await room.read(room.owner);
    const metadata = { question: 'Q', options: ['a', 'b'] };
    const poll = await room.send(room.owner, { messageType: 'poll', metadata });
    for (const id of [notice?.id ?? '', poll.id]) {
      const { status, body } = await forward(room.owner, { id }, room.id);
      expect([status, body.code]).toEqual([409, 'not_forwardable']);
    }
  });

  it('is not for who cannot see the message, who learns nothing of it', async () => {
    const mine = await startRoom(app);
    await expectClosed(app, async (person, id) => {
      await mine.owner.call('POST', `${mine.path}/participants`, { userIds: [person.id] });
      return forward(person, { id }, mine.id);
    });
  });
});
