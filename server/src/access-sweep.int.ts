import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Ack,
  ClientEvents,
  type Conversation,
  type Invite,
  type Message,
  NAMESPACE,
  type Problem,
} from '@parley/protocol';
import type { OpenAPIObject } from '@nestjs/swagger';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionsService } from './auth/index.js';
import { Database } from './platform/database/database.js';
import { describeApi } from './platform/http/api-docs.js';
import { type Person, sameBut, startTestApp, type TestApp } from './platform/testing/test-app.js';

/**
 * Every route and every client event, as everyone who has no business there. It is generated from the description of
 * the API and the map of events: what is added to them is swept too, and fails here until it is said how to call it.
 */

/** What a request can name. */
interface Things {
  readonly conversation: string;
  readonly message: string;
  readonly user: string;
  readonly session: string;
  readonly invite: string;
  readonly code: string;
}

/** A good body for each schema, about the things named. */
const BODIES: Readonly<Record<string, (of: Things) => object>> = {
  AddParticipants: ({ user }) => ({ userIds: [user] }),
  BanParticipant: () => ({ reason: 'canary' }),
  ChangeRole: () => ({ role: 'member' }),
  CreateConversation: ({ user }) => ({ type: 'group', name: 'canary', participantIds: [user] }),
  CreateInvite: () => ({}),
  EditMessage: () => ({ content: 'canary' }),
  ForwardMessage: ({ conversation }) => ({ conversationId: conversation }),
  JoinConversation: () => ({}),
  MarkDelivered: ({ conversation }) => ({ conversationId: conversation, seq: 1 }),
  MarkRead: ({ conversation }) => ({ conversationId: conversation, seq: 1 }),
  MuteParticipant: () => ({ until: null }),
  React: () => ({ emoji: '👍' }),
  SaveDraft: () => ({ content: 'canary' }),
  SendMessage: ({ conversation }) => ({ conversationId: conversation, content: 'canary' }),
  TransferOwnership: ({ user }) => ({ userId: user }),
  UpdateConversation: () => ({ name: 'canary' }),
  UpdatePreferences: () => ({ archived: true }),
  Vote: () => ({ options: [0] }),
};

/** Payloads of the client events that name a thing. */
const PAYLOADS: Readonly<Record<string, (of: Things) => object>> = {
  delete_message: ({ message }) => ({ messageId: message }),
  edit_message: ({ message }) => ({ messageId: message, content: 'canary' }),
  join_conversation: ({ conversation }) => ({ conversationId: conversation }),
  mark_delivered: ({ conversation }) => ({ conversationId: conversation, seq: 1 }),
  mark_read: ({ conversation }) => ({ conversationId: conversation, seq: 1 }),
  react: ({ message }) => ({ messageId: message, emoji: '👍' }),
  send_message: ({ conversation }) => ({
    conversationId: conversation,
    clientMessageId: randomUUID(),
    content: 'canary',
  }),
  typing: ({ conversation }) => ({ conversationId: conversation, isTyping: true }),
};
/** Events that name nothing, or that answer alike for everything one may not see. */
const HARMLESS = new Set(['leave_conversation', 'presence_subscribe', 'presence_unsubscribe', 'set_status', 'sync']);

/** Routes about oneself, or about nothing in particular: only whoever is signed in may call them. */
const OWN = new Set([
  'DELETE /users/profile',
  'GET /auth/sessions',
  'GET /conversations',
  'GET /users/profile',
  'GET /users/search',
  'POST /auth/logout',
  'POST /sync',
  'PUT /users/profile',
  'PUT /users/status',
]);
/** What people may know of one another within their tenant, or by holding an invite. */
const WITHIN_TENANT = new Set(['GET /users/{id}', 'GET /invites/{code}', 'POST /conversations']);

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly schema: string | undefined;
  readonly isPublic: boolean;
}

function routesOf(document: OpenAPIObject): Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { requestBody?: unknown; security?: unknown }>).map(
      ([verb, { requestBody, security }]) => ({
        name: `${verb.toUpperCase()} ${path}`,
        method: verb.toUpperCase(),
        path,
        schema: /schemas\/(\w+)/.exec(JSON.stringify(requestBody ?? ''))?.[1],
        isPublic: security === undefined,
      }),
    ),
  );
}

/** Which thing a part of a path stands for. */
function thingOf(path: string, parameter: string): keyof Things {
  if (parameter === 'conversationId') return 'conversation';
  if (parameter === 'userId') return 'user';
  if (parameter === 'inviteId') return 'invite';
  if (parameter === 'code') return 'code';
  const [, feature] = path.split('/');
  const byFeature: Record<string, keyof Things> = {
    conversations: 'conversation',
    messages: 'message',
    users: 'user',
    auth: 'session',
  };
  const thing = byFeature[feature ?? ''];
  if (!thing || parameter !== 'id') throw new Error(`Say in thingOf what {${parameter}} means in ${path}`);
  return thing;
}

const fill = (path: string, of: Things): string =>
  path.replace(/\{(\w+)\}/g, (_, parameter: string) => of[thingOf(path, parameter)]);

const nowhere = (): Things => ({
  conversation: randomUUID(),
  message: randomUUID(),
  user: randomUUID(),
  session: randomUUID(),
  invite: randomUUID(),
  code: randomBytes(32).toString('base64url'),
});

let app: TestApp;
let routes: Route[];
let owner: Person;
let here: Things;
const outsiders = new Map<string, Pick<Person, 'id' | 'call'> & { token: string }>();
const sockets: Socket[] = [];

/** Somebody of another tenant, who is signed in there. */
async function foreigner() {
  const like = await app.person('foreigner');
  const [tenantId, id] = [randomUUID(), randomUUID()];
  await app.sql(`INSERT INTO tenants (id, name) VALUES ($1, 'another')`, [tenantId]);
  const columns = await app.sql<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'users' AND column_name NOT IN ('tenant_id', 'id')`,
  );
  const names = columns.map(({ name }) => name).join(', ');
  await app.sql(`INSERT INTO users (tenant_id, id, ${names}) SELECT $1, $2, ${names} FROM users WHERE id = $3`, [
    tenantId,
    id,
    like.id,
  ]);
  const sessions = app.app.get(SessionsService, { strict: false });
  const pair = await app.app
    .get(Database, { strict: false })
    .transaction((tx) => sessions.open(tx, { tenantId, id }, { name: undefined, address: '127.0.0.1' }));
  const { accessToken } = pair;
  const call: Person['call'] = (method, path, body) => app.call(method, path, body, accessToken);
  return { id, token: accessToken, call };
}

beforeAll(async () => {
  app = await startTestApp();
  routes = routesOf(describeApi(app.app));
  const [first, member, removed, stranger] = await Promise.all(
    ['owner', 'member', 'removed', 'stranger'].map((name) => app.person(name)),
  );
  if (!first || !member || !removed || !stranger) throw new Error('somebody is missing');
  owner = first;
  const { body: group } = await owner.call<Conversation>('POST', '/conversations', {
    type: 'group',
    name: 'Here',
    participantIds: [member.id, removed.id],
  });
  const { body: message } = await owner.call<Message>('POST', '/messages', {
    conversationId: group.id,
    messageType: 'poll',
    metadata: { question: 'Where?', options: ['here', 'there'] },
  });
  await owner.call('DELETE', `/conversations/${group.id}/participants/${removed.id}`);
  const { body: invite } = await owner.call<Invite>('POST', `/conversations/${group.id}/invites`, {});
  const { body: sessions } = await owner.call<{ items: { id: string }[] }>('GET', '/auth/sessions');
  here = {
    conversation: group.id,
    message: message.id,
    user: member.id,
    session: sessions.items[0]?.id ?? '',
    invite: invite.id,
    code: invite.code,
  };
  // Each has a conversation of their own: being somebody somewhere must not help here.
  await stranger.call('POST', '/conversations', { type: 'group', name: 'There', participantIds: [] });
  for (const [name, person] of [
    ['a stranger', { ...stranger, token: stranger.accessToken }],
    ['a removed member', { ...removed, token: removed.accessToken }],
    ['somebody of another tenant', await foreigner()],
  ] as const) {
    outsiders.set(name, person);
  }
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await app.close();
});

const bodyFor = ({ name, schema }: Route, of: Things): object | undefined => {
  if (!schema) return undefined;
  const body = BODIES[schema];
  if (!body) throw new Error(`Say in BODIES what a good ${schema} for ${name} is`);
  return body(of);
};

describe('the sweep over all routes', () => {
  it('has found them', () => {
    expect(routes.length).toBeGreaterThan(25);
    expect(routes.map(({ name }) => name)).toEqual(expect.arrayContaining([...OWN, 'GET /messages/{conversationId}']));
  });

  it('lets nobody in without a token', async () => {
    for (const route of routes.filter(({ isPublic }) => !isPublic)) {
      const body = OWN.has(route.name) ? {} : bodyFor(route, here);
      const sent = route.method === 'GET' ? undefined : body;
      const { status, body: problem } = await app.call<Problem>(route.method, fill(route.path, here), sent);
      expect([route.name, status, problem.code]).toEqual([route.name, 401, 'unauthenticated']);
    }
  });

  it('opens every door that only reads to the owner, so that the names used here are good', async () => {
    for (const route of routes.filter(
      ({ method, name, isPublic }) => method === 'GET' && !isPublic && !OWN.has(name),
    )) {
      const { status } = await owner.call('GET', fill(route.path, here));
      expect([route.name, status]).toEqual([route.name, 200]);
    }
  });

  it.each(['a stranger', 'a removed member', 'somebody of another tenant'])(
    'tells %s of everything what it tells of nothing',
    async (who) => {
      const person = outsiders.get(who);
      if (!person) throw new Error(`${who} is not here`);
      let swept = 0;
      for (const route of routes) {
        if (route.isPublic || OWN.has(route.name)) continue;
        if (WITHIN_TENANT.has(route.name) && who !== 'somebody of another tenant') continue;
        const elsewhere = nowhere();
        const real = await person.call<Problem>(route.method, fill(route.path, here), bodyFor(route, here));
        const unreal = await person.call<Problem>(route.method, fill(route.path, elsewhere), bodyFor(route, elsewhere));
        expect([route.name, real.status]).toEqual([route.name, 404]);
        expect([route.name, sameBut(real)]).toEqual([route.name, sameBut(unreal)]);
        swept += 1;
      }
      expect(swept).toBeGreaterThan(10);
    },
  );

  it('has changed nothing', async () => {
    const { body } = await owner.call<Conversation>('GET', `/conversations/${here.conversation}`);
    expect(body).toMatchObject({ name: 'Here', memberCount: 2 });
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});

describe('the sweep over all client events', () => {
  const emit = (socket: Socket, event: string, payload: object): Promise<Ack<unknown>> =>
    socket.timeout(10_000).emitWithAck(event, payload) as Promise<Ack<unknown>>;

  it('knows what each of them names', () => {
    expect([...Object.keys(PAYLOADS), ...HARMLESS].toSorted()).toEqual(Object.keys(ClientEvents).toSorted());
  });

  it.each(['a stranger', 'a removed member', 'somebody of another tenant'])(
    'tells %s of everything what it tells of nothing',
    async (who) => {
      const socket = io(app.url + NAMESPACE, {
        auth: { token: outsiders.get(who)?.token },
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      sockets.push(socket);
      const heard: unknown[] = [];
      socket.onAny((...event: unknown[]) => heard.push(event));
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      for (const [event, payload] of Object.entries(PAYLOADS)) {
        const real = await emit(socket, event, payload(here));
        const unreal = await emit(socket, event, payload(nowhere()));
        expect([event, real]).toEqual([event, { ok: false, error: expect.objectContaining({ code: 'not_found' }) }]);
        expect([event, real]).toEqual([event, unreal]);
      }
      expect(heard).toEqual([]);
    },
  );
});
