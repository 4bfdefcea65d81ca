import { randomUUID } from 'node:crypto';
import type { Conversation, Invite, JoinResult, Page, Problem, Role } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket } from '../platform/testing/test-socket.js';
import { CONTENT_TABLES } from './deletion.repository.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Room {
  readonly id: string;
  readonly path: string;
  readonly owner: Person;
}
async function room(...members: readonly Person[]): Promise<Room> {
  const owner = await app.person('owner');
  const participantIds = members.map(({ id }) => id);
  const input = { type: 'group', name: 'A secret plan', description: 'secret too', participantIds };
  const { body } = await owner.call<Conversation>('POST', '/conversations', input);
  return { id: body.id, path: `/conversations/${body.id}`, owner };
}
const remove = (person: Person, { path }: { path: string }) => person.call<Problem>('DELETE', path);
const say = (person: Person, { id }: Room, content = 'a secret') =>
  person.call<Problem>('POST', '/messages', { conversationId: id, content });
const count = async (table: string, id: string) => {
  const [row] = await app.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE conversation_id = $1`, [
    id,
  ]);
  return row?.n ?? 0;
};
const erased = (id: string) =>
  app.until(async () => (await app.sql('SELECT 1 FROM conversations WHERE id = $1 AND name IS NULL', [id])).length > 0);

describe('deleting a conversation', () => {
  it.each<[Role, number]>([
    ['owner', 204],
    ['admin', 403],
    ['moderator', 403],
    ['member', 403],
    ['guest', 403],
  ])('as %s is answered with %i', async (role, expected) => {
    const person = await app.person(role);
    const here = await room(person);
    await here.owner.call('PUT', `${here.path}/participants/${person.id}`, { role });
    expect((await remove(person, here)).status).toBe(expected);
    expect((await here.owner.call('GET', here.path)).status).toBe(expected === 204 ? 404 : 200);
  });

  it('is nothing a stranger, or a direct conversation, knows of', async () => {
    const [alice, mallory] = [await app.person('alice'), await app.person('mallory')];
    const here = await room();
    const unknown = await remove(mallory, { path: `/conversations/${randomUUID()}` });
    expect(unknown.status).toBe(404);
    expect(sameBut(await remove(mallory, here))).toEqual(sameBut(unknown));
    const input = { type: 'direct', participantIds: [mallory.id] };
    const { body: chat } = await alice.call<Conversation>('POST', '/conversations', input);
    const { status, body } = await remove(alice, { path: `/conversations/${chat.id}` });
    expect([status, body.code]).toEqual([409, 'direct_conversation']);
  });

  it('puts everyone out at once, and lets nobody write, read or come in any more', async () => {
    const [bob, carol] = [await app.person('bob'), await app.person('carol')];
    const here = await room(bob);
    const { body: invite } = await here.owner.call<Invite>('POST', `${here.path}/invites`, {});
    await here.owner.call('PUT', here.path, { joinPolicy: 'open' });
    await say(bob, here);
    expect((await remove(here.owner, here)).status).toBe(204);

    for (const person of [here.owner, bob]) {
      const answers = [
        await person.call('GET', here.path),
        await person.call('GET', `/messages/${here.id}`),
        await say(person, here),
        await person.call('POST', `${here.path}/participants`, { userIds: [carol.id] }),
        await remove(person, here),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
      expect((await person.call<Page<Conversation>>('GET', '/conversations')).body.items).toEqual([]);
    }
    const ways = [
      await carol.call('GET', `/invites/${invite.code}`),
      await carol.call<JoinResult>('POST', `${here.path}/join`, { code: invite.code }),
      await carol.call<JoinResult>('POST', `${here.path}/join`, {}),
    ];
    expect(ways.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('is told to everyone who was in it, with the number of their own change', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const sockets = await Promise.all([here.owner, bob].map((person) => connectSocket(app.url, person.accessToken)));
    await remove(here.owner, here);
    for (const socket of sockets) {
      const told = await socket.hears('conversation_removed');
      // Their first change was the seat they lost.
      expect(told).toEqual({ conversationId: here.id, reason: 'deleted', inboxRev: 2 });
      socket.close();
    }
  });

  it('answers those who write meanwhile, and acknowledges nothing after it', async () => {
    const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => app.person(name)));
    const here = await room(...people);
    const sends = Array.from({ length: 40 }, (_, index) => say(people[index % 4] ?? here.owner, here));
    const [{ status }, ...answers] = await Promise.all([remove(here.owner, here), ...sends]);
    expect(status).toBe(204);
    expect(answers.every((answer) => answer.status === 201 || answer.status === 404)).toBe(true);
    expect((await say(people[0] ?? here.owner, here)).status).toBe(404);
  });

  it('erases what was said and by whom, and keeps only ids and numbers', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const other = await room(bob);
    for (let n = 0; n < 3; n += 1) await say(bob, here);
    await say(bob, other);
    await bob.call('PUT', `${here.path}/draft`, { content: 'a secret to come' });
    await here.owner.call('POST', `${here.path}/invites`, {});
    await here.owner.call('POST', `${here.path}/bans/${(await app.person('mallory')).id}`, { reason: 'secret' });
    await app.sql(
      `INSERT INTO hidden_messages (tenant_id, user_id, conversation_id, seq, inbox_rev)
       SELECT tenant_id, user_id, conversation_id, 1, 1 FROM participants WHERE conversation_id = $1`,
      [here.id],
    );
    // More than one step takes.
    await app.sql(
      `INSERT INTO mentions (tenant_id, conversation_id, user_id, seq)
       SELECT tenant_id, id, created_by, n FROM conversations, generate_series(1, 5000) n WHERE id = $1`,
      [here.id],
    );
    await remove(here.owner, here);
    await erased(here.id);
    for (const table of [...CONTENT_TABLES, 'hidden_messages'])
      expect([table, await count(table, here.id)]).toEqual([table, 0]);
    const rows = await app.sql<{ row: string }>(
      `SELECT c::text || (SELECT string_agg(p::text, ' ') FROM participants p WHERE p.conversation_id = c.id) AS row
       FROM conversations c WHERE c.id = $1`,
      [here.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('secret');
    expect(await count('messages', other.id)).toBe(1);
  });

  it('leaves out no table that knows of conversations', async () => {
    const tables = await app.sql<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'conversation_id'
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    );
    const known = [...CONTENT_TABLES, 'hidden_messages', 'participants'];
    expect(tables.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  });

  it('holds for ten thousand members', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    await app.sql(
      `INSERT INTO participants (tenant_id, conversation_id, user_id, role, joined_at)
       SELECT c.tenant_id, c.id, gen_random_uuid(), 'member', now() FROM conversations c, generate_series(1, 9998)
       WHERE c.id = $1`,
      [here.id],
    );
    const socket = await connectSocket(app.url, bob.accessToken);
    expect((await remove(here.owner, here)).status).toBe(204);
    expect(await socket.hears('conversation_removed')).toMatchObject({ conversationId: here.id, reason: 'deleted' });
    const [left] = await app.sql<{ seats: number; counted: number }>(
      `SELECT count(*) FILTER (WHERE p.left_at IS NULL)::int AS seats, count(i.rev)::int AS counted
       FROM participants p LEFT JOIN inboxes i ON i.user_id = p.user_id AND i.rev = p.inbox_rev
       WHERE p.conversation_id = $1`,
      [here.id],
    );
    expect(left).toEqual({ seats: 0, counted: 10_000 });
    socket.close();
  });
});
