import { once } from 'node:events';
import { type AddressInfo, createServer, connect, type Socket } from 'node:net';

/** A link to a database that a test can break and mend. */
export interface TcpProxy {
  readonly port: number;
  /** From now on nobody is listening, and whoever was connected is cut off. */
  cut(): Promise<void>;
  /** From now on bytes go nowhere and nothing is closed, as when a cable is pulled. */
  freeze(): void;
  /** Whoever was connected is cut off; new connections pass. */
  reset(): void;
  /** New connections pass again; those frozen before stay lost. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Passes TCP connections on to `target` until told otherwise. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    if (frozen) return;
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const cut = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    port,
    cut,
    freeze() {
      frozen = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    reset() {
      frozen = false;
      for (const socket of sockets) socket.destroy();
    },
    async mend() {
      frozen = false;
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    close: cut,
  };
}
