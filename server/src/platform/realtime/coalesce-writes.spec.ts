import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { coalesceWrites } from './coalesce-writes.js';

/** A connection that has become a WebSocket, and what reached the network in how many pieces. */
function rig() {
  const pieces: string[] = [];
  const connection = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(chunk.toString());
      done();
    },
  });
  const server = new EventEmitter();
  coalesceWrites(server as Server);
  server.emit('upgrade', {}, connection);
  return { connection, pieces };
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

  it('fails for its writer when the connection is gone', async () => {
    const { connection } = rig();
    const failure = new Promise<Error | null | undefined>((resolve) => connection.write('late', resolve));
    connection.destroy();
    expect(await failure).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});
