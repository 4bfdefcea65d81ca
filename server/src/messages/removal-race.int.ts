import { randomUUID } from 'node:crypto';
import type { Conversation, CreateConversation, Message, MessagePage, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConversationsRepository } from '../conversations/index.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { deferred } from '../platform/testing/deferred.js';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function room(
  members: Person[],
  settings: Partial<CreateConversation> = {},
): Promise<{ owner: Person; id: string }> {
  const owner = await app.person('owner');
  const participantIds = members.map(({ id }) => id);
  const { body } = await owner.call<Conversation>('POST', '/conversations', {
    type: 'group',
    name: 'Room',
    participantIds,
    ...settings,
  });
  return { owner, id: body.id };
}

async function wholeHistory(person: Person, conversationId: string): Promise<Message[]> {
  const items: Message[] = [];
  for (let hasMore = true; hasMore;) {
    const after = items.at(-1)?.seq ?? 0;
    const { body } = await person.call<MessagePage>('GET', `/messages/${conversationId}?limit=100&after=${after}`);
    items.push(...body.items);
    hasMore = body.hasMoreAfter;
  }
  return items;
}

describe('a member who keeps sending while being put out', () => {
  it.each([
    ['removed', 'participant_removed'],
    ['leaving', 'participant_left'],
  ])('has nothing after the notice and everything that was acknowledged before it (%s)', async (how, event) => {
    const [mallory, bob] = [await app.person('mallory'), await app.person('bob')];
    const { owner, id } = await room([mallory, bob]);
    const acknowledged: Message[] = [];
    let isOut = false;
    const send = async (person: Person, isDone: (status: number) => boolean) => {
      for (;;) {
        const input = { conversationId: id, clientMessageId: randomUUID(), content: person.user.firstName };
        const { status, body } = await person.call<Message & Problem>('POST', '/messages', input);
        if (status === 201) acknowledged.push(body);
        else expect(status).toBe(404);
        if (isDone(status)) return;
      }
    };
    const loops = [
      ...Array.from({ length: 8 }, () => send(mallory, (status) => status === 404)),
      ...Array.from({ length: 4 }, () => send(bob, () => isOut)),
    ];
    await app.until(async () => acknowledged.length > 40);
    const { status } =
      how === 'removed'
        ? await owner.call('DELETE', `/conversations/${id}/participants/${mallory.id}`)
        : await mallory.call('POST', `/conversations/${id}/leave`);
    isOut = true;
    expect(status).toBe(204);
    await Promise.all(loops);

    const items = await wholeHistory(owner, id);
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1));
    const notice = items.find(({ metadata }) => metadata.event === event);
    const ofMallory = items.filter(({ senderId, messageType }) => senderId === mallory.id && messageType === 'text');
    expect(ofMallory.length).toBeGreaterThan(0);
    expect(ofMallory.filter(({ seq }) => seq > (notice?.seq ?? 0))).toEqual([]);
    const byId = new Map(items.map((message) => [message.id, message]));
    for (const message of acknowledged) expect(byId.get(message.id)).toEqual(message);
    expect(acknowledged).toHaveLength(items.filter(({ messageType }) => messageType === 'text').length);
  });

  it('may repeat after coming back what was stored before, and gets the first answer', async () => {
    const mallory = await app.person('mallory');
    const { owner, id } = await room([mallory]);
    const input = { conversationId: id, clientMessageId: randomUUID(), content: 'first' };
    const first = await mallory.call<Message>('POST', '/messages', input);
    await owner.call('DELETE', `/conversations/${id}/participants/${mallory.id}`);
    expect((await mallory.call('POST', '/messages', input)).status).toBe(404);
    await owner.call('POST', `/conversations/${id}/participants`, { userIds: [mallory.id] });
    const again = await mallory.call<Message>('POST', '/messages', { ...input, content: 'second' });
    expect(again).toMatchObject({ status: 200, body: first.body });
  });
});

describe('a member who is put out while the others are being told of something', () => {
  /** Holds one answer back, once it is known, that is needed to tell the members of something. */
  function startHolding() {
    const [held, end] = [deferred(), deferred()];
    const hold = async <T>(asked: Promise<T>): Promise<T> => {
      const answer = await asked;
      held.resolve();
      await end.promise;
      return answer;
    };
    return { hold, held: held.promise, release: end.resolve };
  }
  type Hold = ReturnType<typeof startHolding>['hold'];

  it.each([
    {
      what: 'a message from before somebody else came',
      event: 'message_updated' as const,
      begin: (hold: Hold) => {
        const realtime = app.app.get(Realtime);
        const ask = realtime.onlineAmong.bind(realtime);
        vi.spyOn(realtime, 'onlineAmong').mockImplementationOnce((userIds) => hold(ask(userIds)));
      },
      change: (owner: Person, { id }: Message) => owner.call('PUT', `/messages/${id}`, { content: 'a secret' }),
    },
    {
      what: 'the conversation',
      event: 'conversation_updated' as const,
      begin: (hold: Hold) => {
        const seats = app.app.get(ConversationsRepository);
        const ask = seats.findSeats.bind(seats);
        vi.spyOn(seats, 'findSeats').mockImplementationOnce((tx, id, userIds) => hold(ask(tx, id, userIds)));
      },
      change: (owner: Person, { conversationId }: Message) =>
        owner.call('PUT', `/conversations/${conversationId}`, { name: 'A secret' }),
    },
  ])('hears nothing of a change of $what', async ({ event, begin, change }) => {
    const [mallory, bob] = [await app.person('mallory'), await app.person('bob')];
    const { owner, id } = await room([mallory], { historyVisibility: 'joined' });
    const { body } = await owner.call<Message>('POST', '/messages', { conversationId: id, content: 'plain' });
    await owner.call('POST', `/conversations/${id}/participants`, { userIds: [bob.id] });
    const [hers, owners] = [
      await connectSocket(app.url, mallory.accessToken),
      await connectSocket(app.url, owner.accessToken),
    ];
    const telling = startHolding();
    begin(telling.hold);
    const changing = change(owner, body);
    await telling.held;
    expect((await owner.call('DELETE', `/conversations/${id}/participants/${mallory.id}`)).status).toBe(204);
    telling.release();
    expect((await changing).status).toBe(200);

    await owners.hears(event);
    await hers.hears('conversation_removed');
    app.app.get(Realtime).toUser(mallory.id, 'sync_needed', { reason: 'bus_back' });
    await hers.hears('sync_needed');
    expect(hers.heard(event)).toEqual([]);
    hers.close();
    owners.close();
  });
});
