import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** What lies between a device and its server, for the socket and for REST alike. */
export interface Line {
  readonly url: string;
  /** Everything that is open ends at once and without a goodbye; nothing gets through until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Ports of lines that were open: a pool of connections may still hold dead ones to them, so none is used twice. */
const used = new Set<number>();

async function listen(server: Server): Promise<number> {
  for (;;) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (!used.has(port)) {
      used.add(port);
      return port;
    }
    server.close();
    await once(server, 'close');
  }
}

/** Opens a line to the server at this address. */
export async function openLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  let isCut = false;
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.resetAndDestroy();
  };
  const keep = (socket: Socket, other: () => Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      other().destroy();
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: Number(port), host: hostname, noDelay: true });
    keep(near, () => far);
    keep(far, () => near);
    near.pipe(far).pipe(near);
  });
  const own = await listen(server);
  return {
    url: `http://127.0.0.1:${own}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
