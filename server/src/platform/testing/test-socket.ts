import {
  type Ack,
  type AckData,
  type ClientEvent,
  type ClientInput,
  NAMESPACE,
  type ServerEvent,
  type ServerPayload,
} from '@parley/protocol';
import { io, type Socket } from 'socket.io-client';

/** A connected socket and everything it has been told. */
export interface TestSocket {
  readonly socket: Socket;
  /** Resolves with the first event, past or to come, that satisfies the condition. */
  hears<E extends ServerEvent>(event: E, matches?: (payload: ServerPayload<E>) => boolean): Promise<ServerPayload<E>>;
  /** What it has been told of one kind so far. */
  heard<E extends ServerEvent>(event: E): ServerPayload<E>[];
  request<E extends ClientEvent>(event: E, payload: ClientInput<E>): Promise<Ack<AckData<E>>>;
  close(): void;
}

/** Connects with an access token; rejects with the server's refusal. */
export async function connectSocket(url: string, token: string): Promise<TestSocket> {
  const socket = io(url + NAMESPACE, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  const told: { event: string; payload: unknown }[] = [];
  const waiting = new Set<() => void>();
  socket.onAny((event: string, payload: unknown) => {
    told.push({ event, payload });
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const heard = <E extends ServerEvent>(event: E) =>
    told.filter((one) => one.event === event).map(({ payload }) => payload as ServerPayload<E>);
  return {
    socket,
    heard,
    hears: (event, matches = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = heard(event).find(matches);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    request: (event, payload) => socket.timeout(10_000).emitWithAck(event, payload) as never,
    close: () => void socket.disconnect(),
  };
}
