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

/** What is tried beside the feature it belongs to. */
type Elsewhere = 'pin' | 'mentionAll' | 'moderateMessages';
type Attempt = (path: string, id: string) => Promise<{ status: number }>;

const ATTEMPTS: Readonly<Record<Exclude<Action, Elsewhere>, Attempt>> = {
  post: (_, conversationId) => actor.call<Message>('POST', '/messages', { conversationId, content: 'hello' }),
  addParticipants: (path) => actor.call('POST', `${path}/participants`, { userIds: [newcomer.id] }),
  invite: (path) => actor.call('POST', `${path}/invites`, {}),
  removeParticipants: (path) => actor.call('DELETE', `${path}/participants/${target.id}`),
  editDetails: (path) => actor.call('PUT', path, { name: 'Hall' }),
  changeRoles: (path) => actor.call('PUT', `${path}/participants/${target.id}`, { role: 'member' }),
  changeSettings: (path) => actor.call('PUT', path, { joinPolicy: 'approval' }),
  transferOwnership: (path) => actor.call('POST', `${path}/transfer`, { userId: target.id }),
  deleteConversation: (path) => actor.call('DELETE', path),
};

/** A conversation of its own for each attempt, in which the actor has the role and the target stands below all others. */
async function room(type: Conversation['type'], role: Role): Promise<Conversation> {
  if (type === 'direct') {
    const input = { type, participantIds: [target.id] };
    return (await actor.call<Conversation>('POST', '/conversations', input)).body;
  }
  const input = { type, name: 'Room', participantIds: [actor.id, target.id] };
  const { body } = await founder.call<Conversation>('POST', '/conversations', input);
  for (const [person, rank] of [[actor, role] as const, [target, 'guest'] as const]) {
    await founder.call('PUT', `/conversations/${body.id}/participants/${person.id}`, { role: rank });
  }
  return body;
}

const SHARED = ['group', 'channel'] as const;
const isTriedHere = (action: Action): action is keyof typeof ATTEMPTS => action in ATTEMPTS;
const cases = SHARED.flatMap((type) =>
  ACTIONS.filter(isTriedHere).flatMap((action) =>
    ROLES.map((role) => ({
      type,
      action,
      role,
      answer: mayDo({ type, permissions: {}, role }, action) ? '2xx' : '403',
    })),
  ),
);

describe('by the table of permissions', () => {
  it.each(cases)(
    'in a $type, $action by the $role is answered with $answer',
    async ({ type, action, role, answer }) => {
      const { id } = await room(type, role);
      const { status } = await ATTEMPTS[action](`/conversations/${id}`, id);
      expect(status < 300 ? '2xx' : String(status)).toBe(answer);
    },
  );

  it.each(ACTIONS.filter(isTriedHere).filter((action) => action !== 'post'))(
    'in a direct conversation, %s is answered with what a direct conversation is',
    async (action) => {
      const { id } = await room('direct', 'member');
      expect(await ATTEMPTS[action](`/conversations/${id}`, id)).toMatchObject({
        status: 409,
        body: { code: 'direct_conversation' },
      });
    },
  );
});
