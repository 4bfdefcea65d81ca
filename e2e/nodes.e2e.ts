import { Parley } from '@parley/sdk';
import { expect, it } from 'vitest';
import { type Actor, cast, PASSWORD } from './cast.js';
import { expectLiveEqualsReload } from './convergence.js';
import { type Attempt, check, readHistory, TWO_NODES } from './harness/index.js';
import { describeOn } from './on-each-deployment.js';

/** Sends one message after the other until told to stop; what was acknowledged is noted. */
function keepSending(who: Actor, chat: string, log: Attempt[]) {
  let going = true;
  const loop = async () => {
    for (let count = 1; going; count += 1) {
      const content = `${who.username} says ${count}`;
      const { clientMessageId, id, seq } = await who.client.messages.send(chat, content);
      log.push({ senderId: who.id, clientMessageId, content, acked: { id, seq } });
    }
  };
  const done = loop();
  return async () => {
    going = false;
    await done;
  };
}

/**
 * Says something that somebody must be told of. A node that got no processor for two seconds may tell nothing for a moment, but
 * then it has its clients sync: only then it is said again.
 */
async function sayUntilHeard(speaker: Actor, listener: Actor, chat: string, content: string): Promise<void> {
  const calls = () => listener.heard('sync_needed').length;
  for (;;) {
    const before = calls();
    const { id } = await speaker.client.messages.send(chat, content);
    const isHeard = () => listener.messages.some((message) => message.id === id);
    await expect.poll(() => isHeard() || calls() > before, { timeout: 20_000 }).toBe(true);
    if (isHeard()) return;
  }
}

const isReady = async (url: string) => (await fetch(`${url}/health/ready`)).status === 200;

describeOn(TWO_NODES, (on) => {
  it('stop at once, on the node they are on, for who is removed through the other', async () => {
    const { olga, max, eve, ann } = await cast(on(), 'olga', 'max', 'eve', 'ann');
    expect(new Set([max.url, ann.url])).toEqual(new Set([on().urls[1]]));
    const participantIds = [max.id, eve.id, ann.id];
    const group = await olga.client.conversations.create({ type: 'group', name: 'Race', participantIds });
    await max.hears('conversation_updated');
    const log: Attempt[] = [];
    const stops = [ann, eve].map((who) => keepSending(who, group.id, log));
    await max.hears('new_message', ({ seq }) => seq > 20);
    await olga.client.conversations.remove(group.id, max.id);
    const acked = log.length;
    await expect.poll(() => log.length).toBeGreaterThan(acked + 20);
    await Promise.all(stops.map((stop) => stop()));
    await max.hears('conversation_removed');

    const history = await readHistory(ann.client, group.id);
    const removal = history.find(({ metadata }) => metadata.event === 'participant_removed');
    expect(Math.max(...max.messages.map(({ seq }) => seq))).toBeLessThan(removal?.seq ?? 0);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
  });

  it('end a session everywhere when it is ended on one', async () => {
    const { alice } = await cast(on(), 'alice');
    const elsewhere = new Parley({ url: on().urls[1] ?? '' });
    await elsewhere.auth.login({ login: alice.username, password: PASSWORD, deviceName: 'elsewhere' });
    await elsewhere.connect();
    const ended = new Promise((resolve) => elsewhere.on('state', resolve));
    const { items } = await alice.client.auth.sessions();
    const started = performance.now();
    await alice.client.auth.endSession(items.find(({ deviceName }) => deviceName === 'elsewhere')?.id ?? '');
    expect(await ended).toMatchObject({ state: 'disconnected' });
    await expect(elsewhere.users.profile()).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('keep every word while Redis is killed under them, and tell the removed none of it', async () => {
    const { redis, urls } = on();
    if (!redis) throw new Error('there is no Redis to kill');
    const { olga, max, eve, ann } = await cast(on(), 'olga', 'max', 'eve', 'ann');
    const participantIds = [max.id, eve.id, ann.id];
    const group = await olga.client.conversations.create({ type: 'group', name: 'Outage', participantIds });
    await Promise.all([olga, max, eve, ann].map(({ client }) => client.store.start()));
    const log: Attempt[] = [];
    const stops = [ann, eve].map((who) => keepSending(who, group.id, log));
    await max.hears('new_message', ({ seq }) => seq > 20);

    await redis.kill();
    await max.hears('sync_needed', ({ reason }) => reason === 'bus_lost');
    const before = log.length;
    await expect.poll(() => log.length).toBeGreaterThan(before + 20);
    await expect(olga.client.conversations.remove(group.id, max.id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await Promise.all(urls.map(isReady))).toEqual([true, true]);

    await redis.restart();
    await expect
      .poll(() => olga.client.conversations.remove(group.id, max.id).then(() => 'removed', String), { timeout: 20_000 })
      .toBe('removed');
    const after = log.length;
    await expect.poll(() => log.length).toBeGreaterThan(after + 20);
    await Promise.all(stops.map((stop) => stop()));
    const last = await eve.client.messages.send(group.id, 'live again');
    await ann.hears('new_message', ({ id }) => id === last.id);

    const histories = new Map(
      await Promise.all(
        [ann, eve].map(async (who) => [who.username, await readHistory(who.client, group.id)] as const),
      ),
    );
    const attempts = log.sort((a, b) => (a.acked?.seq ?? 0) - (b.acked?.seq ?? 0));
    attempts.push({ senderId: eve.id, clientMessageId: last.clientMessageId, content: 'live again', acked: last });
    const live = new Map([ann, eve].map((who) => [who.username, who.messages]));
    expect(check({ attempts, histories, live })).toEqual([]);
    // What no store was told while Redis was away it has by now all the same.
    for (const who of [olga, max, eve, ann]) await expectLiveEqualsReload(who);
    const removal = histories.get(ann.username)?.find(({ metadata }) => metadata.event === 'participant_removed');
    expect(Math.max(...max.messages.map(({ seq }) => seq))).toBeLessThan(removal?.seq ?? 0);
  });

  it('tell nothing new, once thawed, to who was removed while their node was frozen', async () => {
    const { olga, max, eve, ann } = await cast(on(), 'olga', 'max', 'eve', 'ann');
    const frozen = on().servers[1];
    if (!frozen) throw new Error('there is no second node');
    const participantIds = [max.id, eve.id, ann.id];
    const group = await olga.client.conversations.create({ type: 'group', name: 'Frost', participantIds });
    await sayUntilHeard(olga, max, group.id, 'welcome');
    process.kill(frozen.pid, 'SIGSTOP');
    try {
      const started = performance.now();
      await olga.client.conversations.remove(group.id, max.id);
      // It was waited for as long as it could still have delivered something.
      expect(performance.now() - started).toBeGreaterThan(1_000);
      await sayUntilHeard(eve, eve, group.id, 'a secret');
    } finally {
      process.kill(frozen.pid, 'SIGCONT');
    }
    const isCalledBack = () => ann.heard('sync_needed').some(({ reason }) => reason === 'bus_back');
    await expect.poll(isCalledBack, { timeout: 20_000 }).toBe(true);
    await sayUntilHeard(ann, ann, group.id, 'a second secret');
    expect(max.messages.filter(({ content }) => content?.includes('secret'))).toEqual([]);
  });

  // The last one: from here on there is one node.
  it('do not wait long for one that was killed', async () => {
    const { olga, max, eve } = await cast(on(), 'olga', 'max', 'eve');
    const participantIds = [max.id, eve.id];
    const group = await olga.client.conversations.create({ type: 'group', name: 'Loss', participantIds });
    await on().servers[1]?.kill();
    const started = performance.now();
    await olga.client.conversations.remove(group.id, max.id);
    expect(performance.now() - started).toBeLessThan(3_000);
    const last = await olga.client.messages.send(group.id, 'just us');
    await eve.hears('new_message', ({ id }) => id === last.id);
    expect((await readHistory(eve.client, group.id)).at(-1)?.content).toBe('just us');
  });
});
