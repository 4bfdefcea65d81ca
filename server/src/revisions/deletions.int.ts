import type { Message, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom, type TestRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DELETE_WINDOW: '600' });
});
afterAll(() => app.close());

const remove = (person: Person, { id }: { id: string }, query = '') =>
  person.call<Problem>('DELETE', `/messages/${id}${query}`);
const hide = (person: Person, message: { id: string }) => remove(person, message, '?for=me');

/** A message with all that can belong to one. */
async function laden(room: TestRoom): Promise<Message> {
  const first = await room.send(room.owner, 'first');
  const message = await room.send(room.member, { content: `@${room.owner.user.username} SECRET`, replyToId: first.id });
  await room.member.call('PUT', `/messages/${message.id}`, { content: `@${room.owner.user.username} SECRET, edited` });
  await room.owner.call('POST', `/messages/${message.id}/reaction`, { emoji: '👍' });
  await room.owner.call('PUT', `/messages/${message.id}/pin`);
  return message;
}

describe('deleting for everyone', () => {
  it('leaves a tombstone and nothing of what was said, anywhere', async () => {
    const room = await startRoom(app);
    const message = await laden(room);
    const reply = await room.send(room.owner, { content: 'reply', replyToId: message.id });
    const socket = await connectSocket(app.url, room.owner.accessToken);
    expect((await remove(room.member, message)).status).toBe(204);

    const tombstone = await room.look(room.owner, message);
    expect(tombstone).toEqual({
      ...message,
      content: null,
      replyTo: null,
      mentions: [],
      rev: 7,
      isEdited: true,
      editedAt: expect.any(String),
      deletedAt: expect.any(String),
      threadSeq: undefined,
    });
    expect(await socket.hears('message_updated', ({ id }) => id === message.id)).toEqual(tombstone);
    expect((await room.look(room.owner, reply))?.replyTo).toMatchObject({
      id: message.id,
      content: null,
      deletedAt: tombstone?.deletedAt,
    });
    expect((await room.owner.call('GET', `${room.path}/pins`)).body).toEqual({ items: [] });
    expect(await room.me(room.owner)).toMatchObject({ unreadCount: 0, mentionCount: 0 });
    for (const table of ['message_versions', 'reactions', 'mentions', 'poll_votes']) {
      expect([table, await app.sql(`SELECT 1 FROM ${table} WHERE conversation_id = $1`, [room.id])]).toEqual([
        table,
        [],
      ]);
    }
    expect(JSON.stringify(await room.read(room.owner))).not.toContain('SECRET');
    socket.close();
  });

  it('takes the votes of a poll along', async () => {
    const room = await startRoom(app);
    const metadata = { question: 'Q', options: ['a', 'b'] };
    const poll = await room.send(room.member, { messageType: 'poll', metadata });
    await room.owner.call('PUT', `/messages/${poll.id}/vote`, { options: [1] });
    await remove(room.member, poll);
    expect(await room.look(room.owner, poll)).toMatchObject({ metadata: {}, messageType: 'poll' });
    expect((await room.look(room.owner, poll))?.poll).toBeUndefined();
    expect(await app.sql('SELECT 1 FROM poll_votes WHERE conversation_id = $1', [room.id])).toEqual([]);
  });

  it('a second time changes nothing, however late', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'x');
    await remove(room.member, message);
    const before = await room.look(room.owner, message);
    app.clock.advance(700_000);
    expect((await remove(room.member, message)).status).toBe(204);
    expect((await remove(room.owner, message)).status).toBe(204);
    expect(await room.look(room.owner, message)).toEqual(before);
  });

  it('is for the sender within the window, and for those who moderate at any time', async () => {
    const room = await startRoom(app);
    const other = await room.newcomer();
    const message = await room.send(room.member, 'x');
    expect((await remove(other, message)).body.code).toBe('forbidden');
    app.clock.advance(601_000);
    const late = await remove(room.member, message);
    expect([late.status, late.body.code]).toEqual([403, 'edit_window_closed']);
    expect((await remove(room.owner, message)).status).toBe(204);
  });

  it('is nothing that can be done to what the server says', async () => {
    const room = await startRoom(app);
    await room.newcomer();
    const [notice] = await room.read(room.owner);
    const { status, body } = await remove(room.owner, { id: notice?.id ?? '' });
    expect([status, body.code]).toEqual([409, 'not_editable']);
  });

  it('happens once when it is asked for many times at once', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'x');
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(room.member, message)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await room.look(room.owner, message))?.rev).toBe(2);
  });

  it('goes over the socket by the same way', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'x');
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const answer = await socket.request('delete_message', { messageId: message.id });
    expect(answer).toEqual({ ok: true, data: { seq: 1, rev: 2 } });
    socket.close();
  });

  it('is not for who cannot see the message, who learns nothing of it', async () => {
    await expectClosed(app, (person, id) => remove(person, { id }));
    await expectClosed(app, (person, id) => hide(person, { id }));
  });
});

describe('deleting for oneself', () => {
  it('hides the message from the one person, on all devices, and from what they have to read', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, `@${room.member.user.username} SECRET`);
    const kept = await room.send(room.owner, 'kept');
    const socket = await connectSocket(app.url, room.member.accessToken);
    const before = await room.me(room.member);
    expect(before).toMatchObject({ unreadCount: 2, mentionCount: 1 });
    expect((await hide(room.member, message)).status).toBe(204);

    const me = await room.me(room.member);
    expect(me).toEqual({ ...before, rev: before.rev + 2, unreadCount: 1, mentionCount: 0 });
    // Each has a number of its own: who hears one of the two must notice that the other is missing.
    expect(await socket.hears('message_hidden')).toEqual({ conversationId: room.id, seq: 1, inboxRev: me.rev - 1 });
    expect((await socket.hears('seat_updated')).me).toEqual(me);
    const [hidden, other] = await room.read(room.member);
    expect(hidden).toMatchObject({ id: message.id, content: null, isHidden: true, mentions: [] });
    expect(other).toEqual(kept);
    expect(await room.look(room.owner, message)).toEqual(message);
    socket.close();
  });

  it('a second time changes nothing', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'x');
    await hide(room.member, message);
    const before = await room.me(room.member);
    expect((await hide(room.member, message)).status).toBe(204);
    expect(await room.me(room.member)).toEqual(before);
    await Promise.all(Array.from({ length: 5 }, () => hide(room.owner, message)));
    expect(await app.sql('SELECT 1 FROM hidden_messages WHERE conversation_id = $1', [room.id])).toHaveLength(2);
  });

  it('puts the message out of reach for everything else', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'x');
    await hide(room.member, message);
    const acts = await Promise.all([
      room.member.call('PUT', `/messages/${message.id}`, { content: 'y' }),
      room.member.call('POST', `/messages/${message.id}/reaction`, { emoji: '👍' }),
      room.member.call('POST', `/messages/${message.id}/forward`, { conversationId: room.id }),
      room.member.call('GET', `/messages/${message.id}/thread`),
      room.member.call('GET', `/messages/${message.id}/versions`),
      remove(room.member, message),
    ]);
    expect(acts.map(({ status }) => status)).toEqual(acts.map(() => 404));
  });

  it('works for what the server says, and over the socket', async () => {
    const room = await startRoom(app);
    await room.newcomer();
    const [notice] = await room.read(room.owner);
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const answer = await socket.request('delete_message', { messageId: notice?.id ?? '', for: 'me' });
    expect(answer).toEqual({ ok: true, data: { seq: 1, rev: 1 } });
    expect(await room.read(room.owner)).toMatchObject([{ isHidden: true, metadata: {} }]);
    socket.close();
  });
});
