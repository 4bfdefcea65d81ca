import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessagePage, Problem, SendMessage } from '@parley/protocol';
import { expect } from 'vitest';
import { type Answer, type Person, sameBut, type TestApp } from './test-app.js';

/** A group to try things in: its owner, a member, and how to write and read there. */
export interface TestRoom {
  readonly id: string;
  readonly path: string;
  readonly owner: Person;
  readonly member: Person;
  /** Sends a text, or whatever is given, and returns the message. */
  send(person: Person, message: string | Partial<SendMessage>): Promise<Message>;
  /** As `send`, with the whole answer. */
  trySend(person: Person, message: string | Partial<SendMessage>): Promise<Answer<Message & Problem>>;
  /** What a person reads, oldest first. */
  read(person: Person): Promise<Message[]>;
  /** One message as a person reads it now. */
  look(person: Person, message: { readonly seq: number }): Promise<Message | undefined>;
  me(person: Person): Promise<Conversation['me']>;
  /** Somebody who comes in now. */
  newcomer(): Promise<Person>;
  remove(person: Person): Promise<void>;
  setRole(person: Person, role: string): Promise<void>;
}

export async function startRoom(app: TestApp, settings: object = {}): Promise<TestRoom> {
  const [owner, member] = [await app.person('owner'), await app.person('member')];
  const { body } = await owner.call<Conversation>('POST', '/conversations', {
    type: 'group',
    name: 'Room',
    participantIds: [member.id],
    ...settings,
  });
  const { id } = body;
  const path = `/conversations/${id}`;
  const trySend: TestRoom['trySend'] = (person, message) =>
    person.call('POST', '/messages', {
      conversationId: id,
      ...(typeof message === 'string' ? { content: message } : message),
    });
  const read: TestRoom['read'] = async (person) =>
    (await person.call<MessagePage>('GET', `/messages/${id}?limit=100`)).body.items;
  return {
    id,
    path,
    owner,
    member,
    trySend,
    read,
    async send(person, message) {
      const answer = await trySend(person, message);
      if (answer.status !== 201) throw new Error(`not sent: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    look: async (person, { seq }) => (await read(person)).find((message) => message.seq === seq),
    me: async (person) => (await person.call<Conversation>('GET', path)).body.me,
    async newcomer() {
      const person = await app.person('newcomer');
      const { status } = await owner.call('POST', `${path}/participants`, { userIds: [person.id] });
      if (status !== 201) throw new Error('could not be added');
      return person;
    },
    async remove(person) {
      const { status } = await owner.call('DELETE', `${path}/participants/${person.id}`);
      if (status !== 204) throw new Error('could not be removed');
    },
    async setRole(person, role) {
      const { status } = await owner.call('PUT', `${path}/participants/${person.id}`, { role });
      if (status !== 200) throw new Error('could not be given a role');
    },
  };
}

/**
 * Tries an act on a message as each kind of person who may not know of it: a stranger, a member who was put out, and one
 * who came after it where history begins with joining. All must be answered as if there were no such message.
 */
export async function expectClosed(
  app: TestApp,
  act: (person: Person, messageId: string) => Promise<Answer<object>>,
  content: Partial<SendMessage> = { content: 'none of their business' },
): Promise<void> {
  const room = await startRoom(app, { historyVisibility: 'joined' });
  const message = await room.send(room.owner, content);
  const outsiders = {
    stranger: await app.person('stranger'),
    'member who was put out': room.member,
    newcomer: await room.newcomer(),
  };
  await room.remove(room.member);
  for (const [who, person] of Object.entries(outsiders)) {
    const answer = await act(person, message.id);
    expect({ who, status: answer.status }).toEqual({ who, status: 404 });
    expect(sameBut(answer)).toEqual(sameBut(await act(person, randomUUID())));
  }
  expect((await room.read(room.owner)).find(({ id }) => id === message.id)).toEqual(message);
}
