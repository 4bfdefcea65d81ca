import { type Ack, type ClientEvent, NAMESPACE } from '@parley/protocol';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { type Actor, PASSWORD } from './cast.js';

/** A person's own session without the SDK in between: what the server answers, as it stands. */
export interface RawSession {
  /** Answers with the body, whatever the status. */
  post(path: string, body: unknown): Promise<unknown>;
  emit(event: ClientEvent, payload: unknown): Promise<Ack<unknown>>;
  close(): void;
}

/** Signs somebody in once more, at this node. */
export async function rawSession({ username, url }: Pick<Actor, 'username' | 'url'>): Promise<RawSession> {
  const post = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.json();
  };
  const signedIn = await post('/auth/login', { login: username, password: PASSWORD });
  const { accessToken } = signedIn as { accessToken: string };
  const socket = io(url + NAMESPACE, { auth: { token: accessToken }, transports: ['websocket'], forceNew: true });
  await once(socket as never, 'connect');
  return {
    post: (path, body) => post(path, body, accessToken),
    emit: (event, payload) => socket.timeout(5_000).emitWithAck(event, payload) as Promise<Ack<unknown>>,
    close: () => void socket.disconnect(),
  };
}
