import { SetMetadata } from '@nestjs/common';
import type { AckData, ClientEvent, ClientPayload } from '@parley/protocol';
import type { Viewer } from '../viewer.js';
import type { Connection } from './connection.js';

export const CLIENT_EVENT = 'parley:client-event';

/**
 * What a gateway method that handles `E` looks like; what it returns becomes the acknowledgement's data. The connection
 * is there for events that concern this one socket, such as what it has on screen.
 */
export type ClientEventHandler<E extends ClientEvent> = (
  viewer: Viewer,
  payload: ClientPayload<E>,
  connection: Connection,
) => Promise<AckData<E>>;

/** Marks a gateway method as the handler of one client event; its signature is checked against the protocol. */
export function OnClientEvent<E extends ClientEvent>(event: E) {
  return <H extends ClientEventHandler<E>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    SetMetadata(CLIENT_EVENT, event)(target, key, descriptor);
  };
}
