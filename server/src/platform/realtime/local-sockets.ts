import type { ClientToServer, ServerToClient } from '@parley/protocol';
import type { Namespace, Socket } from 'socket.io';
import type { Viewer } from '../viewer.js';
import type { Topic } from './connection.js';

interface SocketData {
  viewer: Viewer;
  /** What this socket watches beside its user's conversations. */
  watched: Set<Topic>;
}
export type Client = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type ClientNamespace = Namespace<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** Every socket of each user on this node, from before it is connected until it is gone. */
export class LocalSockets {
  readonly #byUser = new Map<string, Set<Client>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(userId: string, socket: Client): void {
    const sockets = this.#byUser.get(userId) ?? new Set();
    this.#byUser.set(userId, sockets.add(socket));
    this.#count += 1;
  }

  remove(userId: string, socket: Client): void {
    const sockets = this.#byUser.get(userId);
    if (sockets?.delete(socket)) this.#count -= 1;
    if (sockets?.size === 0) this.#byUser.delete(userId);
  }

  of(userId: string): ReadonlySet<Client> {
    return this.#byUser.get(userId) ?? NONE;
  }

  has(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  userIds(): string[] {
    return [...this.#byUser.keys()];
  }

  *[Symbol.iterator](): Generator<Client> {
    for (const sockets of this.#byUser.values()) yield* sockets;
  }
}

const NONE: ReadonlySet<Client> = new Set();
