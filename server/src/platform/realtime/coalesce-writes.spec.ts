import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { coalesceWrites } from './coalesce-writes.js';

/** A connection that has become a WebSocket, what reached the network in how many pieces, and a network that may stall. */
function rig() {
  const pieces: string[] = [];
  const taken: ((error?: Error) => void)[] = [];
  const network = { isStalled: false, goOn: () => taken.splice(0).forEach((done) => done()) };
  const connection = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(chunk.toString());
      if (network.isStalled) taken.push(done);
      else done();
    },
    // As a socket does: what the network has not taken fails.
    destroy: (_error, done) => {
      for (const fail of taken.splice(0)) fail(new Error('broken'));
      done(null);
    },
  });
  const server = new EventEmitter();
  coalesceWrites(server as Server);
  server.emit('upgrade', {}, connection);
  return { connection, pieces, network };
}

describe('what is written to a connection in one turn', () => {
  it('leaves as one piece, in order, and each writer hears of it', async () => {
    const { connection, pieces } = rig();
    const heard: string[] = [];
    connection.write(Buffer.from('one '));
    connection.write('zwölf ', () => heard.push('twelve'));
    connection.write(Buffer.from('three'), () => heard.push('three'));
    expect(pieces).toEqual([]);
    await endOfTurn();
    expect(pieces).toEqual(['one zwölf three']);
    expect(heard).toEqual(['twelve', 'three']);
    connection.write('next');
    await endOfTurn();
    expect(pieces).toEqual(['one zwölf three', 'next']);
  });

  it('stays in its pieces when there is much of it', async () => {
    const { connection, pieces } = rig();
    const large = 'x'.repeat(10_000);
    const heard: string[] = [];
    connection.write(large);
    connection.write(large, () => heard.push('large'));
    await endOfTurn();
    expect(pieces).toEqual([large, large]);
    expect(heard).toEqual(['large']);
  });

  it('leaves before the end of the connection', async () => {
    const { connection, pieces } = rig();
    connection.write('goodbye ');
    connection.end('for ever');
    await once(connection, 'finish');
    expect(pieces).toEqual(['goodbye ', 'for ever']);
    await endOfTurn();
    expect(pieces).toEqual(['goodbye ', 'for ever']);
  });

  it('takes along what a writer sends as soon as it may send more', async () => {
    const { connection, pieces } = rig();
    connection.write('first ', () => connection.write('rest'));
    await endOfTurn();
    expect(pieces).toEqual(['first rest']);
  });

  it('makes its writers wait while the network takes nothing', async () => {
    const { connection, pieces, network } = rig();
    network.isStalled = true;
    connection.write('stuck');
    await endOfTurn();
    let isSent = false;
    connection.write('behind it', () => (isSent = true));
    await endOfTurn();
    await endOfTurn();
    expect(isSent).toBe(false);
    network.isStalled = false;
    network.goOn();
    await endOfTurn();
    expect(isSent).toBe(true);
    expect(pieces).toEqual(['stuck', 'behind it']);
  });

  it('fails for writers who wait when the connection breaks', async () => {
    const { connection, network } = rig();
    network.isStalled = true;
    connection.write('stuck');
    await endOfTurn();
    const failure = new Promise<Error | null | undefined>((resolve) => connection.write('behind it', resolve));
    await endOfTurn();
    connection.destroy();
    expect(await failure).toBeInstanceOf(Error);
  });
});
