import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Lets everything that is written to a connection within one turn of the event loop leave in one system call. Under load
 * a batch brings each socket several acknowledgements and messages at once; alone, a frame leaves at the end of its turn.
 */
function coalesce(connection: Duplex): void {
  const write = connection.write.bind(connection) as Duplex['write'];
  let isHeld = false;
  const release = () => {
    isHeld = false;
    connection.uncork();
  };
  connection.write = ((...frame: Parameters<Duplex['write']>) => {
    if (!isHeld) {
      isHeld = true;
      connection.cork();
      setImmediate(release);
    }
    return write(...frame);
  }) as Duplex['write'];
}

/** Applies to every connection that becomes a WebSocket. */
export function coalesceWrites(server: Server): void {
  server.prependListener('upgrade', (_request, connection: Duplex) => coalesce(connection));
}
