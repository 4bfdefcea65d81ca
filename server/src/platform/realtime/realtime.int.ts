import type { Conversation } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Events } from '../events/domain-events.js';
import { deferred } from '../testing/deferred.js';
import { type Person, startTestApp, type TestApp } from '../testing/test-app.js';
import { connectSocket } from '../testing/test-socket.js';
import type { Viewer } from '../viewer.js';
import type { Connection, Topic } from './connection.js';
import { Realtime } from './realtime.js';

let app: TestApp;
let realtime: Realtime;
const opened: { viewer: Viewer; connection: Connection }[] = [];
const closed: { viewer: Viewer; connection: Connection }[] = [];
beforeAll(async () => {
  app = await startTestApp();
  realtime = app.app.get(Realtime);
  app.app.get(Events).on('connection.opened', (event) => void opened.push(event));
  app.app.get(Events).on('connection.closed', (event) => void closed.push(event));
});
afterAll(() => app.close());

const connect = async (person: Person) => {
  const client = await connectSocket(app.url, person.accessToken);
  const connection = { id: client.socket.id ?? '' };
  return { ...client, connection };
};
const draining = { reconnectInMs: 1 };
const group = async (owner: Person, ...members: Person[]) => {
  const participantIds = members.map(({ id }) => id);
  const input = { type: 'group', name: 'Room', participantIds };
  return (await owner.call<Conversation>('POST', '/conversations', input)).body;
};

describe('a topic', () => {
  it('is heard by the connections that watch it, and not by others of the same person', async () => {
    const alice = await app.person('alice');
    const [phone, desk] = [await connect(alice), await connect(alice)];
    realtime.watch(phone.connection, 'user:somebody');
    realtime.toTopic('user:somebody', 'server_draining', draining);
    await phone.hears('server_draining');
    // What is told to all comes after it on the same socket.
    realtime.toUser(alice.id, 'sync_needed', { reason: 'bus_back' });
    await desk.hears('sync_needed');
    expect(desk.heard('server_draining')).toEqual([]);

    realtime.unwatch(phone.connection, 'user:somebody');
    realtime.toTopic('user:somebody', 'server_draining', draining);
    realtime.toUser(alice.id, 'sync_needed', { reason: 'bus_lost' });
    await phone.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    expect(phone.heard('server_draining')).toHaveLength(1);
    phone.close();
    desk.close();
  });

  it('leaves out the person it is about', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const [hers, his] = [await connect(alice), await connect(bob)];
    for (const { connection } of [hers, his]) realtime.watch(connection, 'user:third');
    realtime.toTopic('user:third', 'server_draining', draining, { except: alice.id });
    await his.hears('server_draining');
    realtime.toUser(alice.id, 'sync_needed', { reason: 'bus_back' });
    await hers.hears('sync_needed');
    expect(hers.heard('server_draining')).toEqual([]);
    hers.close();
    his.close();
  });

  it('of a conversation ends with the seat in it, and is refused to whoever has none', async () => {
    const [olga, max] = [await app.person('olga'), await app.person('max')];
    const { id } = await group(olga, max);
    const [hers, his] = [await connect(olga), await connect(max)];
    realtime.watch(hers.connection, `conversation:${id}`);
    realtime.watch(his.connection, `conversation:${id}`);
    realtime.toTopic(`conversation:${id}`, 'server_draining', draining);
    await his.hears('server_draining');

    expect((await olga.call('DELETE', `/conversations/${id}/participants/${max.id}`)).status).toBe(204);
    realtime.toTopic(`conversation:${id}`, 'server_draining', { reconnectInMs: 2 });
    await hers.hears('server_draining', ({ reconnectInMs }) => reconnectInMs === 2);
    realtime.toUser(max.id, 'sync_needed', { reason: 'bus_back' });
    await his.hears('sync_needed');
    expect(his.heard('server_draining')).toEqual([draining]);
    expect(() => realtime.watch(his.connection, `conversation:${id}`)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
    hers.close();
    his.close();
  });

  it('is one of at most 2,500 for each connection', async () => {
    const phone = await connect(await app.person('alice'));
    const topics = Array.from({ length: 2_500 }, (_, index): Topic => `user:${index}`);
    realtime.watch(phone.connection, ...topics);
    realtime.watch(phone.connection, 'user:999');
    expect(() => realtime.watch(phone.connection, 'user:999', 'user:2500')).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
    realtime.unwatch(phone.connection, 'user:0');
    realtime.watch(phone.connection, 'user:2500');
    phone.close();
  });
});

describe('a connection', () => {
  it('is announced when it is there and when it is gone, once each', async () => {
    const alice = await app.person('alice');
    const phone = await connect(alice);
    const ofAlice = (told: typeof opened) => told.filter(({ viewer }) => viewer.userId === alice.id);
    expect(ofAlice(opened).map(({ connection }) => connection)).toEqual([phone.connection]);
    expect(await realtime.onlineAmong([alice.id, 'nobody'])).toEqual(new Set([alice.id]));
    phone.close();
    await app.until(async () => ofAlice(closed).length > 0);
    expect(ofAlice(closed).map(({ connection }) => connection)).toEqual([phone.connection]);
    await app.until(async () => (await realtime.onlineAmong([alice.id])).size === 0);
  });

  it('that opens while its user is being put out hears nothing of the conversation', async () => {
    const [olga, max] = [await app.person('olga'), await app.person('max')];
    const { id } = await group(olga, max);
    const other = startReading(max.id, [id]);
    const connecting = connectSocket(app.url, max.accessToken);
    await other.begun;
    await olga.call('DELETE', `/conversations/${id}/participants/${max.id}`);
    other.finish();
    const his = await connecting;
    await olga.call('POST', '/messages', { conversationId: id, content: 'a secret' });
    realtime.toUser(max.id, 'sync_needed', { reason: 'bus_back' });
    await his.hears('sync_needed');
    expect(his.heard('new_message')).toEqual([]);
    his.close();
  });
});

/** Holds the next reading of this person's seats; it then says what was true before. */
function startReading(userId: string, ids: string[]) {
  const [begun, end] = [deferred(), deferred()];
  realtime.admitBy({
    conversationsOf: async (viewer) => {
      if (viewer.userId !== userId) return [];
      begun.resolve();
      await end.promise;
      return ids;
    },
  });
  return { begun: begun.promise, finish: end.resolve };
}
