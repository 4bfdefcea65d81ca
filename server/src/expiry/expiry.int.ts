import type { Message } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { startRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const MINUTE = 60_000;
const swept = (conversationId: string) =>
  app.until(async () => {
    const left = await app.sql('SELECT 1 FROM messages WHERE conversation_id = $1 AND deleted_at IS NULL', [
      conversationId,
    ]);
    return left.length === 0;
  });

describe('a message that disappears', () => {
  it('says when, is gone at once when it is due, and everyone is told', async () => {
    const room = await startRoom(app, { messageTtl: 60 });
    const socket = await connectSocket(app.url, room.member.accessToken);
    const message = await room.send(room.owner, `@${room.member.user.username} SECRET`);
    const reply = await room.send(room.owner, { content: 'reply', replyToId: message.id });
    const due = new Date(new Date(message.createdAt).getTime() + MINUTE).toISOString();
    expect(message.expiresAt).toBe(due);
    await room.member.call('POST', `/messages/${message.id}/reaction`, { emoji: '👍' });
    expect(await room.me(room.member)).toMatchObject({ unreadCount: 2, mentionCount: 1 });

    app.clock.advance(MINUTE);
    const atOnce = await room.look(room.member, message);
    expect(atOnce).toMatchObject({ content: null, mentions: [], reactions: [], deletedAt: due });
    const late = await room.owner.call('POST', `/messages/${message.id}/reaction`, { emoji: '👍' });
    expect(late).toMatchObject({ status: 409, body: { code: 'message_deleted' } });

    const told = await socket.hears('message_updated', ({ id, deletedAt }) => id === message.id && deletedAt !== null);
    expect(told).toEqual({ ...atOnce, rev: told.rev });
    expect(told.rev).toBeGreaterThan(3);
    await socket.hears('message_updated', ({ id }) => id === reply.id);
    expect(await room.look(room.member, message)).toEqual(told);
    expect(await room.me(room.member)).toMatchObject({ unreadCount: 0, mentionCount: 0 });
    for (const table of ['reactions', 'mentions']) {
      expect([table, await app.sql(`SELECT 1 FROM ${table} WHERE conversation_id = $1`, [room.id])]).toEqual([
        table,
        [],
      ]);
    }
    expect(await app.sql('SELECT 1 FROM messages WHERE content LIKE $1', ['%SECRET%'])).toEqual([]);
    socket.close();
  });

  it('is counted as one change each, in order, also of many at once', async () => {
    const rooms = [await startRoom(app, { messageTtl: 60 }), await startRoom(app, { messageTtl: 60 })];
    for (const room of rooms) {
      for (let index = 0; index < 20; index += 1) await room.send(room.owner, `${index}`);
    }
    app.clock.advance(MINUTE);
    for (const room of rooms) {
      await swept(room.id);
      const items = await room.read(room.member);
      expect(items.map(({ rev }) => rev)).toEqual(items.map((_, index) => 21 + index));
    }
  });

  it('leaves alone what was written before and after there was a time', async () => {
    const room = await startRoom(app);
    const kept = await room.send(room.owner, 'kept');
    await app.sql('UPDATE conversations SET message_ttl = 60 WHERE id = $1', [room.id]);
    const passing = await room.send(room.owner, 'passing');
    await app.sql('UPDATE conversations SET message_ttl = NULL WHERE id = $1', [room.id]);
    const later = await room.send(room.owner, 'later');
    app.clock.advance(MINUTE);
    await app.until(async () => ((await room.look(room.member, passing))?.rev ?? 0) > 3);
    expect((await room.look(room.member, kept))?.content).toBe('kept');
    expect((await room.look(room.member, later))?.content).toBe('later');
  });

  it('is no longer answered, forwarded, pinned or edited', async () => {
    const room = await startRoom(app, { messageTtl: 60 });
    const message = await room.send(room.owner, 'x');
    await room.owner.call('PUT', `/messages/${message.id}/pin`);
    app.clock.advance(MINUTE);
    const acts = await Promise.all([
      room.trySend(room.owner, { content: 'x', replyToId: message.id }),
      room.owner.call('POST', `/messages/${message.id}/forward`, { conversationId: room.id }),
      room.owner.call('PUT', `/messages/${message.id}`, { content: 'y' }),
      room.owner.call('PUT', `/messages/${message.id}/pin`),
      room.owner.call('DELETE', `/messages/${message.id}`),
    ]);
    expect(acts.map(({ status }) => status)).toEqual([400, 409, 409, 409, 204]);
    expect((await room.owner.call('GET', `${room.path}/pins`)).body).toEqual({ items: [] });
  });

  it('is gone once a server starts that was down when it was due', async () => {
    const room = await startRoom(app, { messageTtl: 3_600 });
    const message = await room.send(room.owner, 'SECRET');
    // To this one's clock nothing is due; to that of the one that starts everything has long been.
    await app.sql("UPDATE messages SET expires_at = created_at - interval '1 day' WHERE conversation_id = $1", [
      room.id,
    ]);
    const behind = await startTestApp({}, () => app.databaseUrl);
    await swept(room.id);
    const [shown] = await room.read(room.member);
    expect(shown).toMatchObject({ id: message.id, content: null } satisfies Partial<Message>);
    await behind.close();
  });

  it('is swept once by several servers at the same time', async () => {
    const room = await startRoom(app, { messageTtl: 60 });
    const other = await startTestApp({}, () => app.databaseUrl);
    for (let index = 0; index < 30; index += 1) await room.send(room.owner, `${index}`);
    other.clock.advance(app.clock.now().getTime() - Date.now() + MINUTE);
    app.clock.advance(MINUTE);
    await swept(room.id);
    const items = await room.read(room.member);
    expect(items.map(({ rev }) => rev)).toEqual(items.map((_, index) => 31 + index));
    await other.close();
  });
});
