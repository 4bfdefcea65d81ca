import type { Conversation, Message } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConversationsService } from '../../conversations/index.js';
import { AppError } from '../app-error.js';
import { deferred } from '../testing/deferred.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { hasRedis, startRedis, type TestRedis } from '../testing/test-redis.js';
import { connectSocket, type TestSocket } from '../testing/test-socket.js';
import { isAnybodyWaiting } from '../testing/waiting.js';
import type { Timing } from '../timing.js';
import { Bus } from './bus.js';
import { Realtime } from './realtime.js';

/** What makes good by itself in the end must not hide what goes wrong. */
const PATIENT = { makeSureAfter: 60_000, tellAgainAfter: 1_000 };

/** Olga's group, with Max connected to the second node; what happens to him is told by the first unless said otherwise. */
async function scene(first: TestApp, second: TestApp) {
  const [olga, max] = [await first.person('olga'), await first.person('max')];
  const his = await connectSocket(second.url, max.accessToken);
  const { body } = await olga.call<Conversation>('POST', '/conversations', {
    type: 'group',
    name: 'Room',
    participantIds: [],
  });
  const { id } = body;
  const seats = `/conversations/${id}/participants`;
  const call = <T>(node: TestApp, method: string, path: string, payload?: unknown) =>
    node.call<T>(method, path, payload, olga.accessToken);
  const hears = async (socket: TestSocket, content: string, node = first) => {
    const { body: message } = await call<Message>(node, 'POST', '/messages', { conversationId: id, content });
    // Told by the same node afterwards, so it arrives after it.
    node.app.get(Realtime).toUser(max.id, 'server_draining', { reconnectInMs: message.seq });
    await socket.hears('server_draining', ({ reconnectInMs }) => reconnectInMs === message.seq);
    return socket.heard('new_message').some((heard) => heard.id === message.id);
  };
  return {
    id,
    max,
    his,
    end: () => his.close(),
    bring: async (node = first) => (await call(node, 'POST', seats, { userIds: [max.id] })).status,
    remove: async (node = first) => (await call(node, 'DELETE', `${seats}/${max.id}`)).status,
    hears,
    /** Whether Max hears a message that is written now. */
    reaches: (content: string, node = first) => hears(his, content, node),
    /** Resolves once Max is told to sync after `act`. */
    isToldToSync: async (act: () => unknown) => {
      const before = his.heard('sync_needed').length;
      await act();
      await his.hears('sync_needed', () => his.heard('sync_needed').length > before);
    },
  };
}

/** Holds back the next time that a node tells of seats, once or only after so many times. */
function holdBack(node: TestApp, move: 'join' | 'leave', { after = 0 } = {}) {
  const [held, end] = [deferred(), deferred()];
  const realtime = node.app.get(Realtime);
  const tell = realtime[move].bind(realtime);
  const spy = vi.spyOn(realtime, move);
  for (let passed = 0; passed < after; passed += 1) spy.mockImplementationOnce(tell);
  spy.mockImplementationOnce(async (...told) => {
    held.resolve();
    await end.promise;
    await tell(...told);
  });
  return { held: held.promise, release: end.resolve };
}

afterEach(() => vi.restoreAllMocks());

describe.each<{ kind: string; timing: Partial<Timing>; isShared: boolean }>([
  { kind: 'one node', timing: PATIENT, isShared: false },
  { kind: 'two nodes (needs redis)', timing: { ...PATIENT, freshFor: 0 }, isShared: true },
  {
    kind: 'two nodes that have just found each other (needs redis)',
    timing: { ...PATIENT, freshFor: 60_000 },
    isShared: true,
  },
])('$kind', ({ timing, isShared }) => {
  const isHere = !isShared || hasRedis;
  let redis: TestRedis | undefined;
  let first: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    if (!isHere) return;
    if (isShared) redis = await startRedis();
    const env = redis ? { REDIS_URL: redis.url } : {};
    first = await startTestApp(env, undefined, timing);
    second = isShared ? await startTestApp(env, () => first.databaseUrl, timing) : first;
  });
  afterAll(async () => {
    if (isShared) await second?.close();
    await first?.close();
    await redis?.stop();
  });

  describe.skipIf(!isHere)('where news of seats comes late', () => {
    it('whoever was removed before their coming was told stays out', async () => {
      const { bring, remove, reaches, end } = await scene(first, second);
      const coming = holdBack(first, 'join');
      const brought = bring();
      await coming.held;
      expect(await remove(second)).toBe(204);
      coming.release();
      expect(await brought).toBe(201);
      expect(await reaches('a secret')).toBe(false);
      expect(await reaches('another secret', second)).toBe(false);
      end();
    });

    it('whoever came back before the end of their going was told stays in', async () => {
      const { bring, remove, reaches, end } = await scene(first, second);
      await bring();
      // It is told before the commit and once more after it.
      const going = holdBack(first, 'leave', { after: 1 });
      const removed = remove();
      await going.held;
      expect(await bring(second)).toBe(201);
      going.release();
      expect(await removed).toBe(204);
      expect(await reaches('welcome back')).toBe(true);
      end();
    });

    it('whoever was put out for a removal that failed hears again, and is told to sync what they missed', async () => {
      const { bring, remove, reaches, isToldToSync, end } = await scene(first, second);
      await bring();
      const realtime = first.app.get(Realtime);
      const leave = realtime.leave.bind(realtime);
      vi.spyOn(realtime, 'leave').mockImplementationOnce(async (...told) => {
        await leave(...told);
        throw new AppError('unavailable');
      });
      await isToldToSync(async () => expect(await remove()).toBe(503));
      expect(await reaches('still here')).toBe(true);
      end();
    });

    it('whoever connected while being removed stays out, though the end of that could not be told', async () => {
      const { max, bring, remove, hears, end } = await scene(first, second);
      await bring();
      const realtime = first.app.get(Realtime);
      const leave = realtime.leave.bind(realtime);
      const seats = second.app.get(ConversationsService);
      const read = seats.idsOf.bind(seats);
      let hasRead = false;
      vi.spyOn(seats, 'idsOf').mockImplementation(async (...asked) => {
        const ids = await read(...asked);
        hasRead = true;
        return ids;
      });
      const connecting: Promise<TestSocket>[] = [];
      vi.spyOn(realtime, 'leave')
        .mockImplementationOnce(async (...told) => {
          await leave(...told);
          connecting.push(connectSocket(second.url, max.accessToken));
          // His seats are read before the commit, unless that is waited for.
          await first.until(async () => hasRead || (await isAnybodyWaiting(first)));
        })
        .mockRejectedValueOnce(new AppError('unavailable'));
      expect(await remove()).toBe(204);
      const [his] = await Promise.all(connecting);
      if (!his) throw new Error('he did not connect');
      expect(await hears(his, 'a secret')).toBe(false);
      his.close();
      end();
    });

    it('whoever came in while a node could not be told hears of it soon after', async () => {
      const { bring, reaches, isToldToSync, end } = await scene(first, second);
      vi.spyOn(first.app.get(Bus), 'ask').mockRejectedValueOnce(new AppError('unavailable'));
      await isToldToSync(async () => {
        expect(await bring()).toBe(201);
        expect(await reaches('unheard')).toBe(false);
      });
      expect(await reaches('welcome')).toBe(true);
      end();
    });
  });
});

describe('a node that died before it was done (one node)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({}, undefined, { makeSureAfter: 500 });
  });
  afterAll(() => app.close());

  it('leaves nobody out whom it has only put out of their rooms, though PostgreSQL fails at first', async () => {
    const { id, max, bring, reaches, isToldToSync, end } = await scene(app, app);
    await bring();
    const asked = vi
      .spyOn(app.app.get(ConversationsService), 'idsOf')
      .mockRejectedValueOnce(new AppError('unavailable'));
    await isToldToSync(async () => {
      await app.app.get(Realtime).leave([{ userId: max.id, inboxRev: 1_000 }], id);
      expect(await reaches('unheard')).toBe(false);
    });
    expect(asked).toHaveBeenCalledTimes(2);
    expect(await reaches('here again')).toBe(true);
    end();
  });
});
