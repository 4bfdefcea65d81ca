import { NAMESPACE, type Ack } from '@parley/protocol';
import { Parley } from '@parley/sdk';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cast, PASSWORD } from './cast.js';
import { type RunningServer, startServer } from './harness/index.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { LIMITS: 'off', LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '2' } });
});
afterAll(() => server.cleanup());

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect();
});

function dial(token: unknown): Socket {
  const socket = io(server.url + NAMESPACE, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  open.push(socket);
  return socket;
}

const once = <T>(socket: Socket, event: string): Promise<T> => new Promise((resolve) => socket.once(event, resolve));

async function rawPerson(name: string): Promise<{ id: string; token: string; socket: Socket }> {
  const username = `${name}-${Math.random().toString(36).slice(2)}`;
  const response = await fetch(`${server.url}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username,
      email: `${username}@example.com`,
      password: PASSWORD,
      firstName: name,
      lastName: '',
    }),
  });
  const { accessToken, user } = (await response.json()) as { accessToken: string; user: { id: string } };
  const socket = dial(accessToken);
  await once(socket, 'connect');
  return { id: user.id, token: accessToken, socket };
}

const emit = (socket: Socket, event: string, ...payload: unknown[]): Promise<Ack<unknown>> =>
  socket.timeout(5_000).emitWithAck(event, ...payload) as Promise<Ack<unknown>>;

describe('the handshake', () => {
  it.each([
    ['nothing', undefined],
    ['garbage', 'garbage'],
    ['a number', 42],
    ['an object', { a: 1 }],
  ])('refuses %s with a code of the table', async (_, token) => {
    const error = await once<Error & { data?: unknown }>(dial(token), 'connect_error');
    expect(error.data).toMatchObject({ code: 'unauthenticated', retryable: false });
  });

  it('says so when the token has expired, and the SDK lives through it', async () => {
    const { token } = await rawPerson('expired');
    const { alice } = await cast(server.url, 'alice');
    const refusal = () =>
      new Promise<string | undefined>((resolve) => {
        const socket = dial(token);
        socket.once('connect', () => resolve(undefined));
        socket.once('connect_error', (error: Error & { data?: { code: string } }) => resolve(error.data?.code));
      });
    await expect.poll(refusal, { timeout: 10_000, interval: 200 }).toBe('token_expired');
    alice.client.disconnect();
    await alice.client.connect();
    expect(alice.client.state).toBe('connected');
    expect(await alice.client.users.profile()).toMatchObject({ id: alice.id });
  });
});

describe('client events', () => {
  it('are always acknowledged, whatever is sent', async () => {
    const { socket } = await rawPerson('fuzzer');
    const junk: unknown[] = [
      undefined,
      null,
      0,
      '',
      'text',
      [],
      {},
      { conversationId: 1 },
      [[[]]],
      { __proto__: null, x: { y: 1 } },
      Buffer.from('x'),
    ];
    for (const payload of junk) {
      expect(await emit(socket, 'send_message', payload)).toMatchObject({
        ok: false,
        error: { code: 'validation_failed' },
      });
      expect(await emit(socket, 'mark_read', payload)).toMatchObject({
        ok: false,
        error: { code: 'validation_failed' },
      });
    }
    expect(await emit(socket, 'send_message')).toMatchObject({ ok: false, error: { code: 'validation_failed' } });
    for (const event of ['no_such_event', 'constructor', '__proto__', 'toString', 'new_message']) {
      expect(await emit(socket, event, {})).toMatchObject({
        ok: false,
        error: { code: 'unknown_event', retryable: false },
      });
    }
    expect(socket.connected).toBe(true);
  });

  it('name each faulty path', async () => {
    const { socket } = await rawPerson('careless');
    const answer = await emit(socket, 'send_message', { conversationId: 'x', content: 'a\u0000', colour: 1 });
    const paths = answer.ok ? [] : answer.error.errors?.map((error) => error.path);
    expect(paths?.sort()).toEqual(['clientMessageId', 'colour', 'content', 'conversationId']);
  });

  it('work without an acknowledgement being asked for', async () => {
    const alice = await rawPerson('alice');
    const { bob } = await cast(server.url, 'bob');
    const chat = await bob.client.conversations.direct(alice.id);
    alice.socket.emit('send_message', { conversationId: chat.id, clientMessageId: 'quiet', content: 'no ack please' });
    expect(await bob.hears('new_message')).toMatchObject({ content: 'no ack please' });
    alice.socket.emit('send_message');
    alice.socket.emit('nonsense', () => undefined);
    expect(await emit(alice.socket, 'send_message', {})).toMatchObject({ ok: false });
  });

  it('return the first message for a repeated key, even with another body', async () => {
    const alice = await rawPerson('alice');
    const { bob } = await cast(server.url, 'bob');
    const chat = await bob.client.conversations.direct(alice.id);
    const send = (content: string) =>
      emit(alice.socket, 'send_message', { conversationId: chat.id, clientMessageId: 'k', content });
    const answers = [await send('first'), ...(await Promise.all([send('second'), send('third')]))];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await bob.client.messages.history(chat.id)).items.map(({ content }) => content)).toEqual(['first']);
  });
});

describe('hostile frames', () => {
  const rawSocket = async (token: string): Promise<WebSocketLike> => {
    const { default: WebSocket } = await import('ws');
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve) => ws.once('message', resolve));
    ws.send(`40${NAMESPACE},${JSON.stringify({ token })}`);
    await new Promise((resolve) => ws.once('message', resolve));
    return ws;
  };
  interface WebSocketLike {
    send(data: string | Buffer): void;
    once(event: string, listener: () => void): unknown;
    terminate(): void;
  }

  it.each([
    ['a broken packet', '42/messages,["send_message"'],
    ['an unknown packet type', '49/messages,[]'],
    ['a packet of another namespace', '42/nowhere,["send_message",{}]'],
    ['an event that is no string', '42/messages,[{}]'],
    ['a reserved event', '42/messages,["disconnect"]'],
    ['too many attachments', '4599999-/messages,["x"]'],
    ['a binary frame out of nowhere', Buffer.from([1, 2, 3])],
    ['an oversize payload', `42/messages,["send_message","${'x'.repeat(1_000_000)}"]`],
    ['an acknowledgement nobody asked for', '43/messages,99[1]'],
    ['deep nesting', `42/messages,["send_message",${'['.repeat(5_000)}${']'.repeat(5_000)}]`],
  ])('%s harms nobody else', async (_, frame) => {
    const { alice, bob } = await cast(server.url, 'alice', 'bob');
    const { token } = await rawPerson('mallory');
    const mallory = await rawSocket(token);
    mallory.send(frame);
    const chat = await alice.client.conversations.direct(bob.id);
    await alice.client.messages.send(chat.id, 'all is well');
    expect(await bob.hears('new_message')).toMatchObject({ content: 'all is well' });
    mallory.terminate();
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });
});

describe('the end of a session', () => {
  it('reaches its sockets with a reason, and only them', async () => {
    const { alice } = await cast(server.url, 'alice');
    const second = new Parley({ url: server.url });
    await second.auth.login({ login: alice.username, password: PASSWORD, deviceName: 'tablet' });
    await second.connect();
    const { items } = await alice.client.auth.sessions();
    expect(items.map(({ deviceName }) => deviceName).sort()).toEqual([null, 'tablet'].sort());
    const tablet = items.find(({ deviceName }) => deviceName === 'tablet');
    const ended = new Promise((resolve) => second.on('state', resolve));
    await alice.client.auth.endSession(tablet?.id ?? '');
    expect(await ended).toMatchObject({ state: 'disconnected', error: { code: 'session_ended' } });
    expect(alice.client.state).toBe('connected');
    await expect(second.users.profile()).rejects.toMatchObject({ code: 'invalid_refresh_token' });
  });
});
