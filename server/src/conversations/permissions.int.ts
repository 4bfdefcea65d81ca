import type { Conversation, Message, Role } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, ACTIONS, mayDo, ROLES } from './conversation.rules.js';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';

/** The table of docs/permissions.md, tried over REST: every action, by every role, in every type of conversation. */

let app: TestApp;
let founder: Person;
let actor: Person;
let target: Person;
let newcomer: Person;
beforeAll(async () => {
  app = await startTestApp();
  [founder, actor, target, newcomer] = [
    await app.person('founder'),
    await app.person('actor'),
    await app.person('target'),
    await app.person('newcomer'),
  ];
});
afterAll(() => app.close());

/** Where something is tried: the conversation, and a message in it that somebody else has written. */
interface Place {
  readonly id: string;
  readonly path: string;
  readonly messageId: string;
}
type Attempt = (place: Place) => Promise<{ status: number }>;

const ATTEMPTS: Readonly<Record<Action, Attempt>> = {
  post: ({ id }) => actor.call('POST', '/messages', { conversationId: id, content: 'hello' }),
  addParticipants: ({ path }) => actor.call('POST', `${path}/participants`, { userIds: [newcomer.id] }),
  invite: ({ path }) => actor.call('POST', `${path}/invites`, {}),
  removeParticipants: ({ path }) => actor.call('DELETE', `${path}/participants/${target.id}`),
  pin: ({ messageId }) => actor.call('PUT', `/messages/${messageId}/pin`),
  editDetails: ({ path }) => actor.call('PUT', path, { name: 'Hall' }),
  // Who may write but not mention everyone is not refused: the word then means nobody, which counts as refusal here.
  mentionAll: async ({ id }) => {
    const { status, body } = await actor.call<Message>('POST', '/messages', { conversationId: id, content: '@all' });
    return status < 300 && body.mentions.length === 0 ? { status: 403 } : { status };
  },
  moderateMessages: ({ messageId }) => actor.call('DELETE', `/messages/${messageId}`),
  changeRoles: ({ path }) => actor.call('PUT', `${path}/participants/${target.id}`, { role: 'member' }),
  changeSettings: ({ path }) => actor.call('PUT', path, { joinPolicy: 'approval' }),
  transferOwnership: ({ path }) => actor.call('POST', `${path}/transfer`, { userId: target.id }),
  deleteConversation: ({ path }) => actor.call('DELETE', path),
};

/** A conversation of its own for each attempt, in which the actor has the role and the target stands below all others. */
async function room(type: Conversation['type'], role: Role): Promise<Place> {
  if (type === 'direct') {
    const input = { type, participantIds: [target.id] };
    return place(target, (await actor.call<Conversation>('POST', '/conversations', input)).body);
  }
  const input = { type, name: 'Room', participantIds: [actor.id, target.id] };
  const { body } = await founder.call<Conversation>('POST', '/conversations', input);
  for (const [person, rank] of [[actor, role] as const, [target, 'guest'] as const]) {
    await founder.call('PUT', `/conversations/${body.id}/participants/${person.id}`, { role: rank });
  }
  return place(founder, body);
}

async function place(writer: Person, { id }: Conversation): Promise<Place> {
  const { body } = await writer.call<Message>('POST', '/messages', { conversationId: id, content: 'words' });
  return { id, path: `/conversations/${id}`, messageId: body.id };
}

const SHARED = ['group', 'channel'] as const;
const cases = SHARED.flatMap((type) =>
  ACTIONS.flatMap((action) =>
    ROLES.map((role) => ({
      type,
      action,
      role,
      answer: mayDo({ type, permissions: {}, role }, action) ? '2xx' : '403',
    })),
  ),
);
/** What a direct conversation answers; to what only a group can do, with what it is. */
const IN_DIRECT: Readonly<Partial<Record<Action, string>>> = {
  post: '2xx',
  pin: '2xx',
  mentionAll: '2xx',
  moderateMessages: '403',
};

const answerOf = ({ status }: { status: number }) => (status < 300 ? '2xx' : String(status));

describe('by the table of permissions', () => {
  it.each(cases)(
    'in a $type, $action by the $role is answered with $answer',
    async ({ type, action, role, answer }) => {
      expect(answerOf(await ATTEMPTS[action](await room(type, role)))).toBe(answer);
    },
  );

  it.each(ACTIONS)('in a direct conversation, %s is answered as between two members', async (action) => {
    const answer = await ATTEMPTS[action](await room('direct', 'member'));
    expect(answerOf(answer)).toBe(IN_DIRECT[action] ?? '409');
    if (!(action in IN_DIRECT)) expect(answer).toMatchObject({ body: { code: 'direct_conversation' } });
  });
});
