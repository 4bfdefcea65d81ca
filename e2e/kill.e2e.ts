import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Actor, cast } from './cast.js';
import { type Attempt, check, readHistory, type RunningServer, startServer } from './harness/index.js';
import { seeded } from './random.js';

const KILLS = 20;
const SENDERS = 4;
const IN_FLIGHT = 8;
const ENV = { LIMITS: 'off', LOG_LEVEL: 'warn' };

/** Sends one message after the other, several at a time, until told to stop; what was acknowledged is noted. */
function keepSending(who: Actor, chat: string, log: Attempt[]) {
  let going = true;
  let count = 0;
  const loop = async () => {
    while (going) {
      count += 1;
      const content = `${who.username} says ${count}`;
      const { clientMessageId, id, seq } = await who.client.messages.send(chat, content);
      log.push({ senderId: who.id, clientMessageId, content, acked: { id, seq } });
    }
  };
  const loops = Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  return async () => {
    going = false;
    await loops;
  };
}

describe('a server that is killed while people write', () => {
  it(`loses, doubles and moves nothing in ${KILLS} kills at random moments`, async () => {
    const seed = Date.now() % 1_000_000;
    const random = seeded(seed);
    const dataDir = await mkdtemp(join(tmpdir(), 'parley kill '));
    await chmod(dataDir, 0o711);
    let server: RunningServer = await startServer({ env: ENV, dataDir });
    const { port } = server;
    const acked: Attempt[] = [];
    try {
      const actors = Object.values(
        await cast(server.url, ...Array.from({ length: SENDERS }, (_, index) => `writer${index}`)),
      );
      const [first, ...others] = actors;
      if (!first) throw new Error('nobody to send');
      const group = await first.client.conversations.create({
        type: 'group',
        name: `seed ${seed}`,
        participantIds: others.map(({ id }) => id),
      });
      const stops = actors.map((who) => keepSending(who, group.id, acked));
      for (let kill = 0; kill < KILLS; kill += 1) {
        // The moment is the point: it has to fall anywhere between two messages.
        await sleep(20 + random() * 150);
        await server.kill();
        server = await startServer({ env: ENV, dataDir, port });
        const before = acked.length;
        await expect.poll(() => acked.length, { timeout: 20_000 }).toBeGreaterThan(before);
      }
      await Promise.all(stops.map((stop) => stop()));

      const histories = new Map(
        await Promise.all(
          actors.map(async (who, index) => {
            const direction = index % 2 ? 'backward' : 'forward';
            return [who.username, await readHistory(who.client, group.id, direction)] as const;
          }),
        ),
      );
      // Eight sends run side by side for each person, so only what was stored decides the order here.
      const attempts = acked.sort((a, b) => (a.acked?.seq ?? 0) - (b.acked?.seq ?? 0));
      expect(check({ attempts, histories, live: new Map() }), `seed ${seed}`).toEqual([]);
      expect(histories.get(first.username)).toHaveLength(acked.length);
      for (const who of actors) who.client.disconnect();
    } finally {
      await server.cleanup();
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 180_000);
});
