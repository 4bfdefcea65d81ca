import type { Conversation, Message, Problem } from '@parley/protocol';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../app-error.js';
import { newId } from '../ids.js';
import { Redis } from '../redis/redis.js';
import { deferred } from '../testing/deferred.js';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.js';
import { type Person, startTestApp, type TestApp } from '../testing/test-app.js';
import { hasRedis, startRedis, type TestRedis } from '../testing/test-redis.js';
import { connectSocket, type TestSocket } from '../testing/test-socket.js';
import { isAnybodyWaiting } from '../testing/waiting.js';
import type { Timing } from '../timing.js';
import { Bus } from './bus.js';
import { Realtime } from './realtime.js';

let redis: TestRedis;
/** Between the second node and Redis. */
let link: TcpProxy;
let first: TestApp;
let second: TestApp;

async function startNodes(timing: Partial<Timing> = {}) {
  redis = await startRedis();
  link = await startTcpProxy({ host: '127.0.0.1', port: redis.port });
  first = await startTestApp({ REDIS_URL: redis.url }, undefined, timing);
  second = await startTestApp({ REDIS_URL: `redis://127.0.0.1:${link.port}` }, () => first.databaseUrl, timing);
}
/** Also what a start that failed has left behind. */
async function stopNodes() {
  await second?.close();
  await first?.close();
  await link?.close();
  await redis?.stop();
}

/** Olga on the first node, Max and Ann on the second, in one group. */
async function scene() {
  const [olga, max, ann] = [await first.person('olga'), await first.person('max'), await first.person('ann')];
  const [hers, his, anns] = await Promise.all([
    connectSocket(first.url, olga.accessToken),
    connectSocket(second.url, max.accessToken),
    connectSocket(second.url, ann.accessToken),
  ]);
  const input = { type: 'group', name: 'Room', participantIds: [max.id, ann.id] };
  const { body } = await olga.call<Conversation>('POST', '/conversations', input);
  const call = <T>(node: TestApp, who: Person, method: string, path: string, payload?: unknown) =>
    node.call<T>(method, path, payload, who.accessToken);
  const say = (node: TestApp, content: string) =>
    call<Message & Problem>(node, olga, 'POST', '/messages', { conversationId: body.id, content });
  const remove = (node: TestApp, who: Person) =>
    call<Problem>(node, olga, 'DELETE', `/conversations/${body.id}/participants/${who.id}`);
  return {
    ...{ olga, max, ann, hers, his, anns, id: body.id, say, remove, call },
    end: () => [hers, his, anns].forEach((one) => one.close()),
  };
}
const saying = (content: string) => (message: Message) => message.content === content;
const contents = (socket: TestSocket) => socket.heard('new_message').map(({ content }) => content);

describe.skipIf(!hasRedis)('two nodes (needs redis)', () => {
  // They take each other's word, as they do from a while after their start.
  beforeAll(() => startNodes({ freshFor: 0 }));
  afterAll(stopNodes);

  it('deliver to each other, in order, what is written on either', async () => {
    const { say, hers, his, end } = await scene();
    const texts = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    for (const text of texts) await say(first, text);
    await his.hears('new_message', saying('line 49'));
    expect(contents(his).filter(Boolean)).toEqual(texts);
    await say(second, 'from the other side');
    await hers.hears('new_message', saying('from the other side'));
    end();
  });

  it('tell what is for a member to nobody who is one no longer, wherever they are connected', async () => {
    const { id, max, hers, his, olga, remove, end } = await scene();
    const realtime = first.app.get(Realtime);
    const tell = (person: Person, rev: number) => {
      realtime.toMember(person.id, id, 'conversation_moved', { conversationId: id, rev });
    };
    tell(max, 1_001);
    await his.hears('conversation_moved', ({ rev }) => rev === 1_001);
    expect((await remove(first, max)).status).toBe(204);
    for (const person of [max, olga]) tell(person, 1_002);
    await hers.hears('conversation_moved', ({ rev }) => rev === 1_002);
    realtime.toUser(max.id, 'sync_needed', { reason: 'peer_lost' });
    await his.hears('sync_needed');
    expect(his.heard('conversation_moved')).toMatchObject([{ rev: 1_001 }]);
    end();
  });

  it('do not open a letter that its sender has given up on, however late the network delivers it', async () => {
    const { id, max, say, remove, his, anns, end } = await scene();
    expect((await remove(first, max)).status).toBe(204);
    const { node: from, commands } = first.app.get(Redis);
    const join = { kind: 'join', userIds: [max.id], inboxRevs: [1_000], conversationId: id };
    const letter = { kind: 'request', id: newId(), from, sentAt: performance.now() - 5_000, request: join };
    await commands.spublish('parley:nodes', JSON.stringify(letter));
    await say(first, 'a secret');
    await anns.hears('new_message', saying('a secret'));
    first.app.get(Realtime).toUser(max.id, 'server_draining', { reconnectInMs: 1 });
    await his.hears('server_draining');
    expect(contents(his)).not.toContain('a secret');
    end();
  });

  it('show a conversation to who is brought in through another, with all that follows', async () => {
    const { say, id, olga, call, end } = await scene();
    const nina = await first.person('nina');
    const socket = await connectSocket(second.url, nina.accessToken);
    expect((await call(first, olga, 'POST', `/conversations/${id}/participants`, { userIds: [nina.id] })).status).toBe(
      201,
    );
    await say(first, 'welcome');
    await socket.hears('new_message', saying('welcome'));
    expect(await socket.hears('conversation_updated')).toMatchObject({ id, memberCount: 4 });
    socket.close();
    end();
  });

  it('tell who was removed through another nothing that follows the answer', async () => {
    const { say, remove, max, his, anns, end } = await scene();
    await say(second, 'before');
    await his.hears('new_message', saying('before'));
    expect((await remove(first, max)).status).toBe(204);
    // Through the very node that the removed one is connected to.
    await say(second, 'a secret');
    await anns.hears('new_message', saying('a secret'));
    expect(await his.hears('conversation_removed')).toMatchObject({ reason: 'removed' });
    expect(contents(his)).not.toContain('a secret');
    end();
  });

  it('close at once the sockets of a session that ended on another, and let nobody in by it', async () => {
    const { max, his, end } = await scene();
    expect((await second.call('GET', '/users/profile', undefined, max.accessToken)).status).toBe(200);
    expect((await first.call('POST', '/auth/logout', undefined, max.accessToken)).status).toBe(204);
    expect((await second.call('GET', '/users/profile', undefined, max.accessToken)).status).toBe(401);
    expect(await his.hears('session_revoked')).toEqual({ reason: 'signed_out' });
    end();
  });

  it('know who is connected anywhere', async () => {
    const { olga, max, end } = await scene();
    for (const node of [first, second]) {
      const online = await node.app.get(Realtime).onlineAmong([olga.id, max.id, 'nobody']);
      expect(online).toEqual(new Set([olga.id, max.id]));
    }
    end();
  });

  it('tell those who watch a topic wherever they are', async () => {
    const { his, anns, end, max } = await scene();
    second.app.get(Realtime).watch({ id: his.socket.id ?? '' }, 'user:somebody');
    first.app.get(Realtime).toTopic('user:somebody', 'server_draining', { reconnectInMs: 1 });
    await his.hears('server_draining');
    expect(anns.heard('server_draining')).toEqual([]);
    first.app.get(Realtime).toUser(max.id, 'sync_needed', { reason: 'bus_back' });
    await his.hears('sync_needed');
    end();
  });
});

describe.skipIf(!hasRedis)('a node that does not hear Redis (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  /** The link is as dead as with its cable pulled: nothing is closed, nothing comes through. */
  it('delivers nothing to who was removed elsewhere meanwhile, and has its clients sync', async () => {
    const { say, remove, max, hers, his, anns, end } = await scene();
    await say(first, 'before');
    await his.hears('new_message', saying('before'));
    link.freeze();
    // As long as the other node may still deliver, nobody is removed behind its back.
    const answer = await remove(first, max);
    expect([204, 503]).toContain(answer.status);
    if (answer.status === 503) {
      expect(answer.body.code).toBe('unavailable');
      await first.until(async () => (await remove(first, max)).status === 204);
    }
    await say(second, 'a secret');
    await say(first, 'a second secret');
    await hers.hears('new_message', saying('a second secret'));
    expect(await his.hears('sync_needed')).toEqual({ reason: 'bus_lost' });
    expect(await anns.hears('sync_needed')).toEqual({ reason: 'bus_lost' });
    expect(contents(anns)).not.toContain('a secret');

    await link.mend();
    await anns.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(second, 'a third secret');
    await say(first, 'a fourth secret');
    await anns.hears('new_message', saying('a third secret'));
    await anns.hears('new_message', saying('a fourth secret'));
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    expect(contents(his).filter((text) => text?.includes('secret'))).toEqual([]);
    end();
  });
});

describe.skipIf(!hasRedis)('a node that did not hear of a removal (needs redis)', () => {
  beforeAll(() => startNodes({ freshFor: 60_000 }));
  afterAll(stopNodes);

  it('keeps out who was removed, though it hears only now that they were brought in before', async () => {
    const { id, olga, say, remove, call, his, anns, end } = await scene();
    const nina = await first.person('nina');
    const socket = await connectSocket(second.url, nina.accessToken);
    // As where the answer to the commit is late.
    const answer = deferred();
    const realtime = first.app.get(Realtime);
    const join = realtime.join.bind(realtime);
    vi.spyOn(realtime, 'join').mockImplementationOnce(async (...told) => {
      await answer.promise;
      await join(...told);
    });
    const bringing = call(first, olga, 'POST', `/conversations/${id}/participants`, { userIds: [nina.id] });
    await first.until(
      async () => (await call<Conversation>(first, olga, 'GET', `/conversations/${id}`)).body.memberCount === 4,
    );
    await link.cut();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    await first.until(async () => (await remove(first, nina)).status === 204);
    await link.mend();
    await anns.hears('sync_needed', ({ reason }) => reason === 'bus_back');

    answer.resolve();
    expect((await bringing).status).toBe(201);
    await say(first, 'a secret');
    // Told by the same node afterwards, so it arrives after it.
    first.app.get(Realtime).toUser(nina.id, 'server_draining', { reconnectInMs: 1 });
    await socket.hears('server_draining');
    expect(contents(socket)).not.toContain('a secret');
    socket.close();
    end();
  });
});

describe.skipIf(!hasRedis)('a node that is heard and hears nothing (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('is not waited for once it delivers nothing', async () => {
    const { say, remove, max, his, anns, end } = await scene();
    await say(first, 'before');
    await his.hears('new_message', saying('before'));
    second.app.get(Redis).subscriber.stream.pause();
    await his.hears('sync_needed');
    expect((await remove(first, max)).status).toBe(204);
    await say(second, 'a secret');
    await anns.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(second, 'a second secret');
    await anns.hears('new_message', saying('a second secret'));
    expect(contents(his)).not.toContain('a secret');
    expect(contents(his)).not.toContain('a second secret');
    end();
  });
});

describe.skipIf(!hasRedis)('who is brought in through a node that cannot reach the others (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('is told to sync once it can, and hears what follows', async () => {
    const { say, his, anns, id, olga, call, end } = await scene();
    const nina = await first.person('nina');
    const socket = await connectSocket(first.url, nina.accessToken);
    link.freeze();
    await his.hears('sync_needed');
    const path = `/conversations/${id}/participants`;
    expect((await call(second, olga, 'POST', path, { userIds: [nina.id] })).status).toBe(201);
    await link.mend();
    await anns.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'welcome');
    await socket.hears('new_message', saying('welcome'));
    socket.close();
    end();
  });
});

describe.skipIf(!hasRedis)('nodes whose subscriptions broke for a moment (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('say so to their clients, and are right again before they go on', async () => {
    const { say, remove, max, hers, his, anns, end } = await scene();
    await say(first, 'before');
    await his.hears('new_message', saying('before'));
    await first.app.get(Redis).commands.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    for (const socket of [hers, his, anns]) await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    expect((await remove(first, max)).status).toBe(204);
    await say(second, 'a secret');
    await anns.hears('new_message', saying('a secret'));
    expect(contents(his)).not.toContain('a secret');
    end();
  });
});

describe.skipIf(!hasRedis)('without Redis (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it.each([
    ['killed', () => redis.kill(), () => redis.restart()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ])('people write on, nobody is removed unheard, and all is live again after it (%s)', async (_, away, back) => {
    const { say, remove, max, hers, his, anns, end } = await scene();
    await away();
    expect((await say(first, 'meanwhile')).status).toBe(201);
    for (const socket of [his, hers]) await socket.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    expect(await remove(first, max)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    for (const node of [first, second]) {
      expect((await say(node, 'meanwhile')).status).toBe(201);
      expect((await node.call('GET', '/health/ready')).status).toBe(200);
    }
    expect(contents(anns)).not.toContain('meanwhile');

    await back();
    for (const socket of [hers, his, anns]) await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'again');
    // Who could not be removed is still in.
    await his.hears('new_message', saying('again'));
    expect((await remove(first, max)).status).toBe(204);
    await say(second, 'a secret');
    await anns.hears('new_message', saying('a secret'));
    expect(contents(his)).not.toContain('a secret');
    end();
  });

  it('who hides when they were last seen hears it of nobody, once the nodes reach each other again', async () => {
    const { olga, max, his, call, end } = await scene();
    const shows = () => first.app.get(Realtime).watching([max.id], 'last_seen');
    await his.request('presence_subscribe', { userIds: [olga.id] });
    expect(await shows()).toEqual([{ userId: max.id, topic: `last_seen:${olga.id}` }]);
    await redis.kill();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    const hide = { privacy: { lastSeen: 'nobody' } };
    expect((await call(first, max, 'PUT', '/users/profile', hide)).status).toBe(200);
    await redis.restart();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await first.until(async () => (await shows().catch(() => [{}])).length === 0);
    end();
  });

  it('whoever hid it while only the other node was cut off hears of nobody through that one, either', async () => {
    const { olga, max, his, call, end } = await scene();
    const shows = () => first.app.get(Realtime).watching([max.id], 'last_seen');
    await his.request('presence_subscribe', { userIds: [olga.id] });
    await link.cut();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    const hide = { privacy: { lastSeen: 'nobody' } };
    await first.until(async () => (await call(first, max, 'PUT', '/users/profile', hide)).status === 200);
    await link.mend();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    expect(await shows()).toEqual([]);
    // Who asks again, as clients do, hears what they may.
    await his.request('presence_subscribe', { userIds: [olga.id] });
    expect(await shows()).toEqual([]);
    expect(await first.app.get(Realtime).watching([max.id], 'user')).toMatchObject([{ userId: max.id }]);
    end();
  });

  it('a session that ends is closed on the other node within five seconds', async () => {
    const { max, his, end } = await scene();
    await redis.kill();
    const started = performance.now();
    expect((await first.call('POST', '/auth/logout', undefined, max.accessToken)).status).toBe(204);
    await his.hears('session_revoked');
    expect(performance.now() - started).toBeLessThan(5_000);
    await redis.restart();
    end();
  });

  it('a server starts and stops', async () => {
    await redis.kill();
    const lonely = await startTestApp({ REDIS_URL: redis.url }, () => first.databaseUrl);
    expect((await lonely.call('GET', '/health/ready')).status).toBe(200);
    await lonely.close();
    await redis.restart();
  });

  it('a server starts all the same, and joins the others when it is there', async () => {
    await redis.kill();
    const third = await startTestApp({ REDIS_URL: redis.url }, () => first.databaseUrl);
    const { olga, hers, say, end } = await scene();
    const socket = await connectSocket(third.url, olga.accessToken);
    await redis.restart();
    await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await hers.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'here we are');
    expect(await socket.hears('new_message', saying('here we are'))).toMatchObject({ senderId: olga.id });
    socket.close();
    end();
    await third.close();
  });
});

describe.skipIf(!hasRedis)('a node that cannot tell the others for a moment (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('has their clients sync once it can, though they have heard its pulse all the time', async () => {
    const { say, hers, his, end } = await scene();
    await link.cut();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    expect((await say(second, 'unheard')).status).toBe(201);
    await link.mend();
    await hers.hears('sync_needed', ({ reason }) => reason === 'peer_lost');
    expect(contents(hers)).not.toContain('unheard');
    end();
  });
});

describe.skipIf(!hasRedis)('a node that comes back while somebody is being put out (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('waits for the end of that before it tells them anything', async () => {
    const { id, max, say, his, anns, end } = await scene();
    await link.cut();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    // As a removal does that the others have agreed on: everything is written, and not committed yet.
    const removal = new pg.Client({ connectionString: first.databaseUrl });
    await removal.connect();
    await removal.query('BEGIN');
    await removal.query('UPDATE inboxes SET rev = rev + 1 WHERE user_id = $1', [max.id]);
    await removal.query('UPDATE participants SET left_at = now() WHERE conversation_id = $1 AND user_id = $2', [
      id,
      max.id,
    ]);
    await link.mend();
    await first.until(() => isAnybodyWaiting(first));
    await removal.query('COMMIT');
    await removal.end();

    await anns.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'a secret');
    await anns.hears('new_message', saying('a secret'));
    expect(contents(his)).not.toContain('a secret');
    end();
  });
});

describe.skipIf(!hasRedis)('a node that is gone (needs redis)', () => {
  beforeAll(() => startNodes());
  afterAll(stopNodes);

  it('without a goodbye has the clients of the others sync: what it wrote last it may have told nobody', async () => {
    const { hers, his, end } = await scene();
    await link.cut();
    const toldOfIt = await hers.hears('sync_needed', ({ reason }) => reason === 'peer_lost');
    expect(toldOfIt).toEqual({ reason: 'peer_lost' });
    await link.mend();
    await his.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    end();
  });

  it('has the others let in whom it brought in without telling them', async () => {
    const { id, olga, say, call, end } = await scene();
    const nina = await second.person('nina');
    const socket = await connectSocket(first.url, nina.accessToken);
    // As where it is killed between the commit and the telling.
    vi.spyOn(second.app.get(Realtime), 'join').mockResolvedValueOnce();
    const path = `/conversations/${id}/participants`;
    expect((await call(second, olga, 'POST', path, { userIds: [nina.id] })).status).toBe(201);
    await link.cut();
    await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'welcome');
    await socket.hears('new_message', saying('welcome'));
    await link.mend();
    socket.close();
    end();
  });

  it('says no goodbye while there is something that it has not told', async () => {
    const { id, olga, say, call, end } = await scene();
    const third = await startTestApp({ REDIS_URL: redis.url }, () => first.databaseUrl);
    const nina = await first.person('nina');
    const socket = await connectSocket(first.url, nina.accessToken);
    vi.spyOn(third.app.get(Bus), 'ask').mockRejectedValueOnce(new AppError('unavailable'));
    const path = `/conversations/${id}/participants`;
    expect((await call(third, olga, 'POST', path, { userIds: [nina.id] })).status).toBe(201);
    await third.close();
    await socket.hears('sync_needed', ({ reason }) => reason === 'bus_back');
    await say(first, 'welcome');
    await socket.hears('new_message', saying('welcome'));
    socket.close();
    end();
  });

  it('is not waited for when it has said goodbye', async () => {
    const { olga, max, id, call, end } = await scene();
    const third = await startTestApp({ REDIS_URL: redis.url }, () => first.databaseUrl);
    await third.close();
    const started = performance.now();
    expect((await call(first, olga, 'DELETE', `/conversations/${id}/participants/${max.id}`)).status).toBe(204);
    expect(performance.now() - started).toBeLessThan(1_000);
    end();
  });
});
