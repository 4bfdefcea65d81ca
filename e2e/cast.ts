import { randomBytes } from 'node:crypto';
import {
  type Message,
  Parley,
  type ParleyOptions,
  type ServerEvent,
  type ServerPayload,
  type StoredTokens,
} from '@parley/sdk';
import type { Deployment } from './harness/index.js';

export const PASSWORD = 'a fine long password';

/** One device of a person. */
export interface Device {
  readonly client: Parley;
  /** A client of the same sign-in that holds nothing yet, as after a reload of the page. */
  readonly reload: (options?: Partial<ParleyOptions>) => Parley;
}

/** A person with a client, and everything their socket has been told. */
export interface Actor extends Device {
  readonly id: string;
  /** The node this person is on. */
  readonly url: string;
  readonly username: string;
  readonly messages: Message[];
  /** Resolves with the first event, past or to come, that satisfies the condition. */
  hears<E extends ServerEvent>(event: E, matches?: (payload: ServerPayload<E>) => boolean): Promise<ServerPayload<E>>;
  /** All events of this kind so far. */
  heard<E extends ServerEvent>(event: E): ServerPayload<E>[];
}

const HEARD: readonly ServerEvent[] = [
  'new_message',
  'message_updated',
  'message_hidden',
  'receipt',
  'receipts',
  'typing',
  'presence',
  'seat_updated',
  'conversation_updated',
  'conversation_removed',
  'participant_joined',
  'participant_updated',
  'participant_left',
  'session_revoked',
  'sync_needed',
  'server_draining',
];

/** Registers and connects people of these names, spread over the nodes: the first on the first, and so on. */
export function cast<N extends string>(
  on: string | Pick<Deployment, 'urls'>,
  ...names: N[]
): Promise<Record<N, Actor>> {
  const urls = typeof on === 'string' ? [on] : on.urls;
  const entries = names.map(async (name, index) => [name, await actor(urls[index % urls.length] ?? '', name)] as const);
  return Promise.all(entries).then((actors) => Object.fromEntries(actors) as Record<N, Actor>);
}

async function actor(url: string, name: string): Promise<Actor> {
  const username = `${name}-${randomBytes(4).toString('hex')}`;
  const { client, reload } = device(url);
  const { id } = await client.auth.register({
    username,
    email: `${username}@example.com`,
    password: PASSWORD,
    firstName: name,
    lastName: '',
  });
  const messages: Message[] = [];
  client.on('new_message', (message) => messages.push(message));
  const { hears, heard } = remember(client);
  await client.connect();
  return { id, url, username, client, reload, messages, hears, heard };
}

/** Another device of a person, signed in and connected. */
export async function deviceOf({ username, url }: Pick<Actor, 'username' | 'url'>): Promise<Device> {
  const another = device(url);
  await another.client.auth.login({ login: username, password: PASSWORD });
  await another.client.connect();
  return another;
}

function device(url: string): Device {
  let tokens: StoredTokens | null = null;
  const backoff = { first: 50, most: 500 };
  const load = () => tokens;
  const save = (saved: StoredTokens | null) => {
    tokens = saved;
  };
  return {
    client: new Parley({ url, backoff, tokenStore: { load, save } }),
    // It lives for less than a token, so none is renewed behind the back of the first client.
    reload: (options) =>
      new Parley({ url, backoff, marksDelivered: false, ...options, tokenStore: { load, save: () => undefined } }),
  };
}

function remember(client: Parley): Pick<Actor, 'hears' | 'heard'> {
  const heard: { event: ServerEvent; payload: unknown }[] = [];
  const waiting = new Set<(event: ServerEvent, payload: unknown) => void>();
  for (const event of HEARD) {
    client.on(event, (payload) => {
      heard.push({ event, payload });
      for (const listener of waiting) listener(event, payload);
    });
  }
  return {
    hears: (event, matches = () => true) =>
      new Promise((resolve) => {
        const listener = (name: ServerEvent, payload: unknown) => {
          if (name !== event || !matches(payload as never)) return;
          waiting.delete(listener);
          resolve(payload as never);
        };
        waiting.add(listener);
        for (const past of heard) listener(past.event, past.payload);
      }),
    heard: (event) => heard.filter((past) => past.event === event).map(({ payload }) => payload as never),
  };
}
