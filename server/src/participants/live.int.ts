import type { Conversation } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket, type TestSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** The numbers of its one conversation's changes that a socket has been told of, ascending. */
const revsHeard = (socket: TestSocket): number[] =>
  [
    ...socket.heard('new_message').map(({ rev }) => rev),
    ...socket.heard('message_updated').map(({ rev }) => rev),
    ...socket.heard('conversation_updated').map(({ rev }) => rev),
  ]
    .filter((rev) => rev > 0)
    .toSorted((a, b) => a - b);

/** The numbers of a person's own changes that their socket has been told of, each once, ascending. */
const inboxRevsHeard = (socket: TestSocket): number[] => {
  const revs = [
    ...socket.heard('conversation_updated').map(({ me }) => me.rev),
    ...socket.heard('seat_updated').map(({ me }) => me.rev),
    ...socket.heard('conversation_removed').map(({ inboxRev }) => inboxRev),
  ];
  return [...new Set(revs)].toSorted((a, b) => a - b);
};

async function inboxRevOf({ id }: Person): Promise<number> {
  const [row] = await app.sql<{ rev: string }>('SELECT rev FROM inboxes WHERE user_id = $1', [id]);
  return Number(row?.rev ?? 0);
}

describe('what is told live', () => {
  it('carries every number of the conversation once, and every number of each inbox', async () => {
    const people = await Promise.all(['alice', 'bob', 'carol'].map((name) => app.person(name)));
    const [alice, bob, carol] = people as [Person, Person, Person];
    const sockets = await Promise.all(people.map(({ accessToken }) => connectSocket(app.url, accessToken)));
    const [hers] = sockets as [TestSocket];
    const input = { type: 'group', name: 'Room', participantIds: [bob.id] };
    const { body } = await alice.call<Conversation>('POST', '/conversations', input);
    const path = `/conversations/${body.id}`;
    const soon = new Date(app.clock.now().getTime() + 60_000).toISOString();

    const steps: [Person, string, string, object?][] = [
      [alice, 'PUT', path, { name: 'Hall' }],
      [alice, 'POST', `${path}/participants`, { userIds: [carol.id] }],
      [bob, 'POST', '/messages', { conversationId: body.id, content: 'hello' }],
      [alice, 'PUT', path, { messageTtl: 60, slowModeSeconds: 5, permissions: { post: 'member' } }],
      [alice, 'PUT', `${path}/participants/${bob.id}`, { role: 'moderator' }],
      [bob, 'PUT', `${path}/participants/${carol.id}/mute`, { until: soon }],
      [bob, 'DELETE', `${path}/participants/${carol.id}`],
      [alice, 'POST', `${path}/participants`, { userIds: [carol.id] }],
      [alice, 'POST', `${path}/transfer`, { userId: bob.id }],
      [bob, 'POST', `${path}/bans/${carol.id}`, {}],
      [bob, 'POST', `${path}/leave`],
      [alice, 'PUT', path, { description: 'alone' }],
    ];
    for (const step of steps) {
      const [person, ...call] = step;
      const { status } = await person.call(...call);
      expect([...call, status < 300]).toEqual([...call, true]);
    }

    const { body: end } = await alice.call<Conversation>('GET', path);
    await app.until(async () => revsHeard(hers).includes(end.rev));
    expect(revsHeard(hers)).toEqual(upTo(end.rev));
    for (const [index, socket] of sockets.entries()) {
      const last = await inboxRevOf(people[index] ?? alice);
      expect(last).toBeGreaterThan(1);
      await app.until(async () => inboxRevsHeard(socket).includes(last));
      expect(inboxRevsHeard(socket)).toEqual(upTo(last));
      socket.close();
    }
  });
});
