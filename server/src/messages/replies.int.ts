import { randomUUID } from 'node:crypto';
import type { Message, Problem, Thread } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const threadOf = (person: Person, id: string, query = '') =>
  person.call<Thread & Problem>('GET', `/messages/${id}/thread${query}`);

describe('a reply', () => {
  it('shows the beginning of what it answers, to its sender and to everyone', async () => {
    const room = await startRoom(app);
    const long = '👍'.repeat(300);
    const question = await room.send(room.owner, long);
    const answer = await room.send(room.member, { content: 'yes', replyToId: question.id });
    expect(answer).toMatchObject({
      threadSeq: 1,
      replyTo: {
        id: question.id,
        seq: 1,
        senderId: room.owner.id,
        messageType: 'text',
        content: '👍'.repeat(200),
        deletedAt: null,
      },
    });
    expect(await room.look(room.owner, answer)).toEqual(answer);
  });

  it('to a reply belongs to the thread that one belongs to, and quotes it', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'root');
    const first = await room.send(room.member, { content: 'first', replyToId: root.id });
    const second = await room.send(room.owner, { content: 'second', replyToId: first.id });
    expect(second).toMatchObject({ threadSeq: 1, replyTo: { id: first.id, content: 'first' } });
  });

  it('is told live as it is read', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const question = await room.send(room.owner, 'question');
    const answer = await room.send(room.member, { content: 'answer', replyToId: question.id });
    expect(await socket.hears('new_message', ({ id }) => id === answer.id)).toEqual(answer);
    socket.close();
  });

  it('can only answer what its sender can see in the same conversation, and is told no more than that', async () => {
    const [room, elsewhere] = [await startRoom(app), await startRoom(app)];
    const foreign = await elsewhere.send(elsewhere.owner, 'secret');
    const deleted = await room.send(room.owner, 'gone');
    await room.owner.call('DELETE', `/messages/${deleted.id}`);
    const answers = [];
    for (const replyToId of [randomUUID(), foreign.id, deleted.id]) {
      const { status, body } = await room.trySend(room.member, { content: 'x', replyToId });
      answers.push({ status, errors: body.errors });
    }
    const refusal = { path: 'replyToId', message: 'must be a message of this conversation that you can see' };
    expect(answers).toEqual(answers.map(() => ({ status: 400, errors: [refusal] })));
    expect(await room.read(room.owner)).toHaveLength(1);
  });

  it('of a stranger is answered as if there were no conversation', async () => {
    const room = await startRoom(app);
    const question = await room.send(room.owner, 'question');
    const stranger = await app.person('stranger');
    expect((await room.trySend(stranger, { content: 'x', replyToId: question.id })).status).toBe(404);
  });

  it('that is repeated is the first one, also when what it answers has been deleted since', async () => {
    const room = await startRoom(app);
    const question = await room.send(room.owner, 'question');
    const input = { content: 'answer', replyToId: question.id, clientMessageId: randomUUID() };
    const first = await room.send(room.member, input);
    await room.owner.call('DELETE', `/messages/${question.id}`);
    const again = await room.trySend(room.member, input);
    expect(again.status).toBe(200);
    expect(again.body.id).toBe(first.id);
    expect(again.body.replyTo).toMatchObject({ id: question.id, content: null, deletedAt: expect.any(String) });
  });

  it('shows a newcomer only that there is something older', async () => {
    const room = await startRoom(app, { historyVisibility: 'joined' });
    const old = await room.send(room.owner, 'before your time');
    const newcomer = await room.newcomer();
    const [theirs, owners] = [
      await connectSocket(app.url, newcomer.accessToken),
      await connectSocket(app.url, room.owner.accessToken),
    ];
    const reply = await room.send(room.member, { content: 'as I said', replyToId: old.id });
    const bare = { id: old.id, seq: 1, senderId: null, messageType: null, content: null, deletedAt: null };
    expect((await theirs.hears('new_message', ({ id }) => id === reply.id)).replyTo).toEqual(bare);
    expect((await room.look(newcomer, reply))?.replyTo).toEqual(bare);
    // Those who may see more are told right after everyone has been told that there is something.
    expect(await owners.hears('message_updated', ({ id }) => id === reply.id)).toEqual(reply);
    expect(await room.look(room.owner, reply)).toEqual(reply);
    await theirs.hears('message_updated');
    expect(theirs.heard('message_updated').map(({ replyTo }) => replyTo)).toEqual([bare]);
    expect((await room.trySend(newcomer, { content: 'x', replyToId: old.id })).status).toBe(400);
    theirs.close();
    owners.close();
  });
});

describe('sends of one person that need different preparation', () => {
  it('keep the order in which they came', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'root');
    const socket = await connectSocket(app.url, room.member.accessToken);
    const sends = Array.from({ length: 60 }, (_, index) => {
      const content = index % 3 === 0 ? `@${room.owner.user.username} ${index}` : `${index}`;
      return socket.request('send_message', {
        conversationId: room.id,
        clientMessageId: `${index}`,
        content,
        ...(index % 5 === 0 && { replyToId: index % 10 === 0 ? root.id : randomUUID() }),
      });
    });
    const answers = await Promise.all(sends);
    expect(answers.filter(({ ok }) => !ok)).toHaveLength(6);
    const own = (await room.read(room.owner)).filter(({ senderId }) => senderId === room.member.id);
    const order = own.map(({ clientMessageId }) => Number(clientMessageId));
    expect(order).toEqual(Array.from({ length: 60 }, (_, index) => index).filter((index) => index % 10 !== 5));
    socket.close();
  });
});

describe('a thread', () => {
  it('is found from any of its messages and read page by page', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'root');
    await room.send(room.owner, 'beside it');
    const replies: Message[] = [];
    for (let index = 0; index < 5; index += 1) {
      replies.push(await room.send(room.member, { content: `${index}`, replyToId: replies.at(-1)?.id ?? root.id }));
    }
    const whole = await threadOf(room.member, root.id);
    expect(whole.body).toEqual({ root, items: replies, replyCount: 5, hasMoreAfter: false });
    expect((await threadOf(room.owner, replies[3]?.id ?? '')).body).toEqual(whole.body);

    const first = await threadOf(room.owner, root.id, '?limit=2');
    expect(first.body).toMatchObject({ items: replies.slice(0, 2), replyCount: 5, hasMoreAfter: true });
    const rest = await threadOf(room.owner, root.id, `?limit=3&after=${replies[1]?.seq}`);
    expect(rest.body).toMatchObject({ items: replies.slice(2), hasMoreAfter: false });
  });

  it('counts the replies that have not been deleted', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'root');
    const reply = await room.send(room.member, { content: 'reply', replyToId: root.id });
    await room.member.call('DELETE', `/messages/${reply.id}`);
    const { body } = await threadOf(room.owner, root.id);
    expect(body.replyCount).toBe(0);
    expect(body.items).toMatchObject([{ id: reply.id, content: null, replyTo: null }]);
  });

  it('of a message without replies is that message', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'alone');
    expect((await threadOf(room.member, root.id)).body).toEqual({
      root,
      items: [],
      replyCount: 0,
      hasMoreAfter: false,
    });
  });

  it('is not there for who cannot see what it began with', async () => {
    const room = await startRoom(app, { historyVisibility: 'joined' });
    const root = await room.send(room.owner, 'root');
    const newcomer = await room.newcomer();
    const reply = await room.send(room.member, { content: 'reply', replyToId: root.id });
    expect((await room.look(newcomer, reply))?.content).toBe('reply');
    expect((await threadOf(newcomer, reply.id)).status).toBe(404);
    await expectClosed(app, (person, id) => threadOf(person, id));
  });

  it('is not there for who has deleted its beginning for themselves', async () => {
    const room = await startRoom(app);
    const root = await room.send(room.owner, 'root');
    const reply = await room.send(room.member, { content: 'reply', replyToId: root.id });
    await room.member.call('DELETE', `/messages/${root.id}?for=me`);
    expect((await threadOf(room.member, reply.id)).status).toBe(404);
    expect((await threadOf(room.owner, reply.id)).status).toBe(200);
  });
});
