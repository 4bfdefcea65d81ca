import type { Message, OwnVote, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { expectClosed, startRoom, type TestRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const POLL = { question: 'Where?', options: ['here', 'there', 'nowhere'] };
const ask = (room: TestRoom, person: Person, metadata: object = {}) =>
  room.send(person, { messageType: 'poll', metadata: { ...POLL, ...metadata } });
const vote = (person: Person, { id }: { id: string }, options: number[]) =>
  person.call<Message & Problem>('PUT', `/messages/${id}/vote`, { options });
const close = (person: Person, { id }: { id: string }) =>
  person.call<Message & Problem>('POST', `/messages/${id}/poll/close`);
const ownVote = (person: Person, { id }: { id: string }) =>
  person.call<OwnVote & Problem>('GET', `/messages/${id}/vote`);
const inMs = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString();

describe('a poll', () => {
  it('begins with no votes and all its settings', async () => {
    const room = await startRoom(app);
    const poll = await ask(room, room.owner);
    expect(poll.metadata).toEqual({ ...POLL, multiple: false, anonymous: false });
    expect(poll.poll).toEqual({ counts: [0, 0, 0], userIds: [[], [], []], voters: 0, closedAt: null });
    expect(await room.look(room.member, poll)).toEqual(poll);
  });

  it('counts each vote once, as it is now, and tells everyone', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.owner.accessToken);
    const poll = await ask(room, room.owner);
    await vote(room.member, poll, [0]);
    await vote(room.owner, poll, [1]);
    const { status, body } = await vote(room.member, poll, [1]);
    expect(status).toBe(200);
    const state = { counts: [0, 2, 0], userIds: [[], [room.owner.id, room.member.id], []], voters: 2, closedAt: null };
    expect(body).toEqual({ ...poll, rev: 4, poll: state });
    expect(await socket.hears('message_updated', ({ rev }) => rev === 4)).toEqual(body);
    expect((await vote(room.member, poll, [1])).body).toEqual(body);
    expect((await ownVote(room.member, poll)).body).toEqual({ options: [1] });
    const withdrawn = await vote(room.member, poll, []);
    expect(withdrawn.body.poll).toMatchObject({ counts: [0, 1, 0], voters: 1 });
    expect((await vote(room.member, poll, [])).body).toEqual(withdrawn.body);
    expect((await ownVote(room.member, poll)).body).toEqual({ options: [] });
    socket.close();
  });

  it('takes several options where it says so, in any order', async () => {
    const room = await startRoom(app);
    const poll = await ask(room, room.owner, { multiple: true });
    const { body } = await vote(room.member, poll, [2, 0]);
    expect(body.poll).toMatchObject({ counts: [1, 0, 1], voters: 1 });
    expect((await vote(room.member, poll, [0, 2])).body).toEqual(body);
  });

  it('that is anonymous names nobody to anybody', async () => {
    const room = await startRoom(app);
    const poll = await ask(room, room.owner, { anonymous: true });
    const { body } = await vote(room.member, poll, [0]);
    expect(body.poll).toEqual({ counts: [1, 0, 0], userIds: [[], [], []], voters: 1, closedAt: null });
    expect((await ownVote(room.owner, poll)).body).toEqual({ options: [] });
    expect((await ownVote(room.member, poll)).body).toEqual({ options: [0] });
  });

  it('counts right when many vote at once', async () => {
    const room = await startRoom(app);
    const people: Person[] = [];
    for (let index = 0; index < 24; index += 1) people.push(await room.newcomer());
    const poll = await ask(room, room.owner);
    await Promise.all(people.map((person, index) => vote(person, poll, [index % 2])));
    const state = (await room.look(room.owner, poll))?.poll;
    expect(state).toMatchObject({ counts: [12, 12, 0], voters: 24 });
    expect(new Set(state?.userIds.flat()).size).toBe(24);
  });

  it.each<[string, number[], object]>([
    ['two options of one', [0, 1], {}],
    ['an option that is not there', [3], {}],
    ['the same option twice', [1, 1], { multiple: true }],
  ])('refuses %s', async (_, options, settings) => {
    const room = await startRoom(app);
    const poll = await ask(room, room.owner, settings);
    const { status, body } = await vote(room.member, poll, options);
    expect([status, body.errors?.map(({ path }) => path)]).toEqual([400, ['options']]);
  });

  it('is closed by its sender or by those who moderate, and stays as it is', async () => {
    const room = await startRoom(app);
    const other = await room.newcomer();
    const poll = await ask(room, room.member);
    await vote(other, poll, [0]);
    expect((await close(other, poll)).body.code).toBe('forbidden');
    const closed = await close(room.member, poll);
    expect(closed.body.poll).toMatchObject({ counts: [1, 0, 0], closedAt: expect.any(String) });
    expect((await close(room.owner, poll)).body).toEqual(closed.body);
    const late = await vote(other, poll, [1]);
    expect([late.status, late.body.code]).toEqual([409, 'poll_closed']);
    expect(await room.look(other, poll)).toEqual(closed.body);
  });

  it('closes at its time: at once for who votes, and soon for everyone', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.member.accessToken);
    const closesAt = inMs(60_000);
    const poll = await ask(room, room.owner, { closesAt });
    const open = await ask(room, room.owner, { closesAt: inMs(600_000) });
    expect((await vote(room.member, poll, [0])).status).toBe(200);
    app.clock.advance(60_000);
    expect((await vote(room.member, poll, [1])).body.code).toBe('poll_closed');
    const told = await socket.hears('message_updated', ({ poll: state }) => state?.closedAt !== null);
    expect(told).toMatchObject({ id: poll.id, poll: { counts: [1, 0, 0], closedAt: closesAt } });
    expect(await room.look(room.owner, poll)).toEqual(told);
    expect((await room.look(room.owner, open))?.poll?.closedAt).toBeNull();
    socket.close();
  });

  it.each([['2999-01-01T00:00:00Z'], ['2999-01-01T00:00:00.5Z'], ['2999-01-01T00:00:00.123456Z']])(
    'keeps its closing time in one form, given as %s',
    async (closesAt) => {
      const room = await startRoom(app);
      const poll = await ask(room, room.owner, { closesAt });
      expect(poll.metadata.closesAt).toMatch(/^2999-01-01T00:00:00\.\d{3}Z$/);
    },
  );

  it('lets everyone vote, also where few may write', async () => {
    const room = await startRoom(app, { permissions: { post: 'admin' } });
    const poll = await ask(room, room.owner);
    expect((await vote(room.member, poll, [0])).status).toBe(200);
  });

  it('is what votes are given to, and no other message', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'text');
    expect((await vote(room.member, message, [0])).status).toBe(404);
    expect((await close(room.owner, message)).status).toBe(404);
    expect((await ownVote(room.owner, message)).status).toBe(404);
  });

  it('is not for who cannot see it, who learns nothing of it', async () => {
    const poll = { messageType: 'poll', metadata: POLL } as const;
    await expectClosed(app, (person, id) => vote(person, { id }, [0]), poll);
    await expectClosed(app, (person, id) => close(person, { id }), poll);
    await expectClosed(app, (person, id) => ownVote(person, { id }), poll);
  });
});
