import { randomUUID } from 'node:crypto';
import type { Message, MessageList, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom, type TestRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const pin = (person: Person, { id }: { id: string }) => person.call<Message & Problem>('PUT', `/messages/${id}/pin`);
const unpin = (person: Person, { id }: { id: string }) =>
  person.call<Message & Problem>('DELETE', `/messages/${id}/pin`);
const pins = (person: Person, { path }: Pick<TestRoom, 'path'>) =>
  person.call<MessageList & Problem>('GET', `${path}/pins`);
const idsOf = async (person: Person, room: TestRoom) => (await pins(person, room)).body.items.map(({ id }) => id);

describe('a pin', () => {
  it('is seen by everyone, at the message and in a list with the newest first', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.member.accessToken);
    const [first, second] = [await room.send(room.member, 'first'), await room.send(room.member, 'second')];
    await pin(room.owner, second);
    app.clock.advance(1_000);
    const { status, body } = await pin(room.owner, first);
    expect(status).toBe(200);
    expect(body).toEqual({ ...first, rev: 4, pinned: { by: room.owner.id, at: expect.any(String) } });
    expect(await socket.hears('message_updated', ({ id }) => id === first.id)).toEqual(body);
    expect(await idsOf(room.member, room)).toEqual([first.id, second.id]);
    expect(await room.look(room.member, first)).toEqual(body);
    const unpinned = await unpin(room.owner, first);
    expect(unpinned.body).toEqual({ ...first, rev: 5 });
    expect(await idsOf(room.member, room)).toEqual([second.id]);
    socket.close();
  });

  it('that is there already, or is not there to be taken off, changes nothing', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'x');
    expect((await unpin(room.owner, message)).body).toEqual(message);
    const answers = await Promise.all(Array.from({ length: 5 }, () => pin(room.owner, message)));
    expect(new Set(answers.map(({ body }) => body.rev))).toEqual(new Set([2]));
  });

  it('is for those who may pin', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.member, 'x');
    expect((await pin(room.member, message)).body.code).toBe('forbidden');
    await room.setRole(room.member, 'moderator');
    expect((await pin(room.member, message)).status).toBe(200);
    await room.setRole(room.member, 'member');
    expect((await unpin(room.member, message)).body.code).toBe('forbidden');
  });

  it('finds no room beside a hundred others', async () => {
    const room = await startRoom(app);
    const messages = await Promise.all(Array.from({ length: 104 }, (_, index) => room.send(room.owner, `${index}`)));
    await app.sql(
      'UPDATE messages SET pinned_at = created_at, pinned_by = sender_id WHERE conversation_id = $1 AND seq <= 98',
      [room.id],
    );
    const others = messages.filter(({ seq }) => seq > 98);
    const answers = await Promise.all(others.map((message) => pin(room.owner, message)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [409, 'too_many_pins']));
    expect(refused).toHaveLength(4);
    const [spare] = await idsOf(room.owner, room);
    await unpin(room.owner, { id: spare ?? '' });
    const left = others.find((_, index) => answers[index]?.status !== 200);
    expect((await pin(room.owner, left ?? { id: '' })).status).toBe(200);
  });

  it('ends with its message, and is not for a message that is gone', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'x');
    await pin(room.owner, message);
    await room.owner.call('DELETE', `/messages/${message.id}`);
    expect(await idsOf(room.member, room)).toEqual([]);
    expect((await pin(room.owner, message)).body.code).toBe('message_deleted');
  });

  it('shows nobody what they cannot read', async () => {
    const room = await startRoom(app, { historyVisibility: 'joined' });
    const old = await room.send(room.owner, 'old');
    await pin(room.owner, old);
    const newcomer = await room.newcomer();
    const quoting = await room.send(room.owner, { content: 'as I said', replyToId: old.id });
    await room.setRole(newcomer, 'moderator');
    const answer = await pin(newcomer, quoting);
    expect(answer.body.replyTo).toMatchObject({ id: old.id, content: null, senderId: null });
    expect((await pins(newcomer, room)).body.items).toEqual([answer.body]);
    expect(await idsOf(room.member, room)).toEqual([quoting.id, old.id]);
    await room.member.call('DELETE', `/messages/${quoting.id}?for=me`);
    expect(await idsOf(room.member, room)).toEqual([old.id]);
  });

  it('is not for who cannot see the message, who learns nothing of it', async () => {
    await expectClosed(app, (person, id) => pin(person, { id }));
    await expectClosed(app, (person, id) => unpin(person, { id }));
    const room = await startRoom(app);
    const stranger = await app.person('stranger');
    await room.remove(room.member);
    for (const person of [stranger, room.member]) {
      const answer = await pins(person, room);
      expect(answer.status).toBe(404);
      expect(sameBut(answer)).toEqual(sameBut(await pins(person, { path: `/conversations/${randomUUID()}` })));
    }
  });
});
