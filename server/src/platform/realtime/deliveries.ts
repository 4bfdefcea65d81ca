import type { Client, ClientNamespace } from './local-sockets.js';

/** Whose sockets are told something. */
export interface Audience {
  /** Those in this room. */
  readonly to: string;
  /** Of them only those that are in this room as well, at the moment of delivery. */
  readonly within?: string;
  readonly except?: readonly string[];
}

/** These travel to the other nodes with what is sent. */
interface Flags {
  readonly local?: boolean;
  readonly within?: string;
}

/** The part of an adapter that picks the sockets of this node for everything that is sent, from here or elsewhere. */
interface Picking {
  apply(options: { flags?: Flags }, deliver: (socket: Client) => void): void;
}

/** The type of Socket.IO's packets that carry an event. */
const EVENT = 2;

/** Delivers, from now on, only at moments at which that is allowed, and only within the room that was named. */
export function guardDeliveries(clients: ClientNamespace, mayDeliver: () => boolean): void {
  const adapter = clients.adapter as unknown as Picking;
  const apply = adapter.apply.bind(adapter);
  adapter.apply = (options, deliver) => {
    const { local, within } = options.flags ?? {};
    if (!mayDeliver() && !local) return;
    apply(options, within === undefined ? deliver : (socket) => void (socket.rooms.has(within) && deliver(socket)));
  };
}

/** Sends to the sockets of all nodes. */
export function send(
  clients: ClientNamespace,
  { to, within, except = [] }: Audience,
  event: string,
  payload: unknown,
): void {
  const flags: Flags = { ...(within !== undefined && { within }) };
  // As its `to(…).emit(…)` does, which knows no flags of ours.
  clients.adapter.broadcast(
    { type: EVENT, data: [event, payload] },
    { rooms: new Set([to]), except: new Set(except), flags },
  );
}
