import type { Message, MessageVersionList, Problem, SendMessage } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ EDIT_WINDOW: '600' });
});
afterAll(() => app.close());

const edit = (person: Person, { id }: { id: string }, content: string) =>
  person.call<Message & Problem>('PUT', `/messages/${id}`, { content });
const versions = (person: Person, { id }: { id: string }) =>
  person.call<MessageVersionList & Problem>('GET', `/messages/${id}/versions`);

describe('an edit', () => {
  it('puts new words in the place of the old, for everyone and in every quote, and counts as a change', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const message = await room.send(room.member, 'teh words');
    const reply = await room.send(room.owner, { content: 'reply', replyToId: message.id });
    const { status, body } = await edit(room.member, message, 'the words');
    expect(status).toBe(200);
    expect(body).toEqual({ ...message, content: 'the words', rev: 3, isEdited: true, editedAt: expect.any(String) });
    expect(await socket.hears('message_updated', ({ id }) => id === message.id)).toEqual(body);
    expect(await room.look(room.owner, message)).toEqual(body);
    expect((await room.look(room.owner, reply))?.replyTo?.content).toBe('the words');
    socket.close();
  });

  it('that changes nothing is none', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'same');
    expect((await edit(room.owner, message, 'same')).body).toEqual(message);
    expect((await versions(room.owner, message)).body.items).toEqual([]);
  });

  it('keeps the latest fifty of what a message said before', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'text 0');
    for (let edit = 1; edit <= 55; edit += 1) {
      await room.member.call('PUT', `/messages/${message.id}`, { content: `text ${edit}` });
    }
    const { items } = (await versions(room.member, message)).body;
    expect(items.map(({ content }) => content)).toEqual(Array.from({ length: 50 }, (_, at) => `text ${at + 5}`));
  });

  it('keeps what was said before, for the sender and for those who moderate', async () => {
    const room = await startRoom(app);
    const reader = await room.newcomer();
    const message = await room.send(room.member, 'one');
    app.clock.advance(1_000);
    const second = await edit(room.member, message, 'two');
    app.clock.advance(1_000);
    await edit(room.member, message, 'three');
    const kept = [
      { content: 'one', writtenAt: message.createdAt },
      { content: 'two', writtenAt: second.body.editedAt },
    ];
    expect((await versions(room.member, message)).body.items).toEqual(kept);
    expect((await versions(room.owner, message)).body.items).toEqual(kept);
    const refused = await versions(reader, message);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    await room.member.call('DELETE', `/messages/${message.id}`);
    expect((await versions(room.member, message)).body.items).toEqual([]);
    expect(await app.sql('SELECT 1 FROM message_versions WHERE content = $1', ['one'])).toEqual([]);
  });

  it('is for the sender alone, whatever else they may do', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'mine');
    const refused = await edit(room.owner, message, 'yours');
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });

  it('is possible within the window and no longer', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'early');
    app.clock.advance(599_000);
    expect((await edit(room.owner, message, 'still')).status).toBe(200);
    app.clock.advance(2_000);
    const late = await edit(room.owner, message, 'late');
    expect([late.status, late.body.code]).toEqual([403, 'edit_window_closed']);
    expect((await room.look(room.owner, message))?.content).toBe('still');
  });

  it('needs the right to write, as sending does', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'before');
    await app.sql('UPDATE participants SET silenced_until = $2 WHERE user_id = $1', [
      room.member.id,
      new Date(app.clock.now().getTime() + 60_000),
    ]);
    expect((await edit(room.member, message, 'after')).body.code).toBe('silenced');
    app.clock.advance(61_000);
    expect((await edit(room.member, message, 'after')).status).toBe(200);
  });

  it.each<[string, Partial<SendMessage>, string]>([
    ['a poll', { messageType: 'poll', content: 'x', metadata: { question: 'Q', options: ['a', 'b'] } }, 'not_editable'],
    ['a place without a caption', { messageType: 'location', metadata: { latitude: 1, longitude: 2 } }, 'not_editable'],
    ['a caption', { messageType: 'location', content: 'x', metadata: { latitude: 1, longitude: 2 } }, 'done'],
  ])('of %s: %s', async (_, content, expected) => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, content);
    const { status, body } = await edit(room.owner, message, 'new words');
    expect(status === 200 ? 'done' : body.code).toBe(expected);
  });

  it('is neither for what the server says nor for what somebody else said first', async () => {
    const room = await startRoom(app);
    await room.newcomer();
    const [notice] = await room.read(room.owner);
    expect((await edit(room.owner, { id: notice?.id ?? '' }, 'x')).body.code).toBe('not_editable');
    const message = await room.send(room.member, 'words');
    const { body } = await room.owner.call<Message>('POST', `/messages/${message.id}/forward`, {
      conversationId: room.id,
    });
    expect((await edit(room.owner, body, 'x')).body.code).toBe('not_editable');
  });

  it.each([
    ['nothing', ''],
    ['what nobody sees', ' \u200b\n'],
    ['too much', 'x'.repeat(16_385)],
    ['a NUL', 'a\u0000b'],
  ])('cannot leave %s', async (_, content) => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'words');
    const { status, body } = await edit(room.owner, message, content);
    expect([status, body.errors?.map(({ path }) => path)]).toEqual([400, ['content']]);
  });

  it('loses nothing when several come at once', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'first');
    const texts = Array.from({ length: 8 }, (_, index) => `edit ${index}`);
    await Promise.all(texts.map((text) => edit(room.owner, message, text)));
    const now = await room.look(room.owner, message);
    const { body } = await versions(room.owner, message);
    expect([...body.items.map(({ content }) => content), now?.content].toSorted()).toEqual(
      ['first', ...texts].toSorted(),
    );
    expect(now?.rev).toBe(9);
  });

  it('goes over the socket by the same way', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'words');
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const answer = await socket.request('edit_message', { messageId: message.id, content: 'new' });
    expect(answer).toEqual({ ok: true, data: { seq: 1, rev: 2 } });
    socket.close();
  });

  it('is not for who cannot see the message, who learns nothing of it', async () => {
    await expectClosed(app, (person, id) => edit(person, { id }, 'x'));
    await expectClosed(app, (person, id) => versions(person, { id }));
  });
});
