import type { Message, Page, Problem, Reactor } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const react = (person: Person, { id }: { id: string }, emoji: string) =>
  person.call<Message & Problem>('POST', `/messages/${id}/reaction`, { emoji });
const unreact = (person: Person, { id }: { id: string }, emoji: string) =>
  person.call<Message & Problem>('DELETE', `/messages/${id}/reaction`, { emoji });
const reactors = (person: Person, { id }: { id: string }, query = '') =>
  person.call<Page<Reactor> & Problem>('GET', `/messages/${id}/reactions${query}`);

/** Twenty-one emojis that are different. */
const MANY = Array.from('😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔');

describe('a reaction', () => {
  it('is counted and named, emojis in the order of their first use, and told to everyone', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.member.accessToken);
    const message = await room.send(room.owner, 'hello');
    await react(room.member, message, '👍🏽');
    app.clock.advance(1);
    await react(room.owner, message, '👨‍👩‍👧');
    app.clock.advance(1);
    const { status, body } = await react(room.owner, message, '👍🏽');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...message,
      rev: 4,
      reactions: [
        { emoji: '👍🏽', count: 2, userIds: [room.member.id, room.owner.id] },
        { emoji: '👨‍👩‍👧', count: 1, userIds: [room.owner.id] },
      ],
    });
    expect(await socket.hears('message_updated', ({ rev }) => rev === 4)).toEqual(body);
    expect(await room.look(room.member, message)).toEqual(body);
    socket.close();
  });

  it('that is there already, or is not there to be taken back, changes nothing', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    const first = await react(room.member, message, '👍');
    const again = await Promise.all(Array.from({ length: 10 }, () => react(room.member, message, '👍')));
    expect(again.map(({ status, body }) => ({ status, body }))).toEqual(
      again.map(() => ({ status: 200, body: first.body })),
    );
    expect((await unreact(room.owner, message, '👍')).body).toEqual(first.body);
    const removed = await unreact(room.member, message, '👍');
    expect(removed.body).toEqual({ ...message, rev: 3 });
    expect((await unreact(room.member, message, '👍')).body).toEqual(removed.body);
    expect((await room.me(room.owner)).unreadCount).toBe(0);
  });

  it('is counted once for each person when many react at once', async () => {
    const room = await startRoom(app);
    const people: Person[] = [];
    for (let index = 0; index < 25; index += 1) people.push(await room.newcomer());
    const message = await room.send(room.owner, 'hello');
    await Promise.all(people.map((person) => react(person, message, '🎉')));
    const [reaction] = (await room.look(room.owner, message))?.reactions ?? [];
    expect(reaction?.count).toBe(25);
    expect(new Set(reaction?.userIds).size).toBe(20);
  });

  it('finds no room beside twenty different ones, but among them', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    for (const emoji of MANY.slice(0, 20)) expect((await react(room.owner, message, emoji)).status).toBe(200);
    const refused = await react(room.member, message, MANY[20] ?? '');
    expect([refused.status, refused.body.code]).toEqual([409, 'too_many_reactions']);
    expect((await react(room.member, message, MANY[3] ?? '')).status).toBe(200);
    expect((await reactors(room.owner, message, '?limit=100')).body.items).toHaveLength(21);
  });

  it.each(['a', '👍👍', '', ':+1:', '1', '👍 '])('must be one emoji, not %j', async (emoji) => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    const { status, body } = await react(room.member, message, emoji);
    expect([status, ...new Set(body.errors?.map(({ path }) => path))]).toEqual([400, 'emoji']);
  });

  it('is for who may write, and not while silenced', async () => {
    const room = await startRoom(app, { permissions: { post: 'admin' } });
    const message = await room.send(room.owner, 'hello');
    const refused = await react(room.member, message, '👍');
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);

    const open = await startRoom(app);
    const other = await open.send(open.owner, 'hello');
    await app.sql("UPDATE participants SET silenced_until = 'infinity' WHERE user_id = $1", [open.member.id]);
    const silenced = await react(open.member, other, '👍');
    expect([silenced.status, silenced.body.code]).toEqual([403, 'silenced']);
  });

  it('goes with the message it belongs to', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    await react(room.member, message, '👍');
    await room.owner.call('DELETE', `/messages/${message.id}`);
    expect((await room.look(room.member, message))?.reactions).toEqual([]);
    expect((await reactors(room.member, message)).body.items).toEqual([]);
    const late = await react(room.member, message, '👍');
    expect([late.status, late.body.code]).toEqual([409, 'message_deleted']);
  });

  it('goes over the socket by the same way', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    const socket = await connectSocket(app.url, room.member.accessToken);
    const request = { messageId: message.id, emoji: '👍' };
    expect(await socket.request('react', request)).toEqual({ ok: true, data: { seq: 1, rev: 2 } });
    expect(await socket.request('react', request)).toEqual({ ok: true, data: { seq: 1, rev: 2 } });
    expect(await socket.request('react', { ...request, remove: true })).toEqual({ ok: true, data: { seq: 1, rev: 3 } });
    expect(await socket.request('react', { ...request, emoji: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'validation_failed' },
    });
    socket.close();
  });

  it('is not for who cannot see the message, who learns nothing of it', async () => {
    await expectClosed(app, (person, id) => react(person, { id }, '👍'));
    await expectClosed(app, (person, id) => unreact(person, { id }, '👍'));
    await expectClosed(app, (person, id) => reactors(person, { id }));
  });
});

describe('the list of those who reacted', () => {
  it('pages through everyone once in order of time, with one emoji or any', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hello');
    const people = [room.owner, room.member, await room.newcomer()];
    for (const emoji of ['👍', '❤️', '🎉']) {
      await Promise.all(people.map((person) => react(person, message, emoji)));
      app.clock.advance(5);
    }
    const seen: Reactor[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page<Reactor> } = await reactors(
        room.owner,
        message,
        `?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(seen.map(({ emoji }) => emoji)).toEqual(['👍', '👍', '👍', '❤️', '❤️', '❤️', '🎉', '🎉', '🎉']);
    expect(new Set(seen.map(({ emoji, user }) => `${emoji} ${user.id}`)).size).toBe(9);
    const { body } = await reactors(room.owner, message, `?emoji=${encodeURIComponent('❤️')}`);
    expect(body.items).toEqual(seen.slice(3, 6));
    expect((await reactors(room.owner, message, '?cursor=garbage')).status).toBe(400);
  });
});
