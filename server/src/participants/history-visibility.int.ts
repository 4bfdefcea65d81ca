import type {
  Conversation,
  CreateConversation,
  HistoryVisibility,
  JoinResult,
  MessagePage,
  Problem,
} from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function room(historyVisibility: HistoryVisibility, settings: Partial<CreateConversation> = {}) {
  const owner = await app.person('owner');
  const input = { type: 'group', name: 'Room', participantIds: [], historyVisibility, ...settings };
  const { body } = await owner.call<Conversation>('POST', '/conversations', input);
  return { owner, id: body.id, path: `/conversations/${body.id}` };
}
const say = async (person: Person, conversationId: string, ...texts: string[]) => {
  for (const content of texts) await person.call('POST', '/messages', { conversationId, content });
};
const history = async (person: Person, id: string, query = 'limit=100') =>
  (await person.call<MessagePage>('GET', `/messages/${id}?${query}`)).body;
const seqs = ({ items }: MessagePage) => items.map(({ seq }) => seq);
const look = async (person: Person, path: string) => (await person.call<Conversation>('GET', path)).body;

describe('a newcomer', () => {
  it('reads everything where all of it is shown, with nothing of it unread', async () => {
    const [here, bob] = [await room('all'), await app.person('bob')];
    await say(here.owner, here.id, 'one', 'two');
    await here.owner.call('POST', `${here.path}/participants`, { userIds: [bob.id] });
    expect(seqs(await history(bob, here.id))).toEqual([1, 2, 3]);
    expect((await look(bob, here.path)).me).toMatchObject({ visibleFromSeq: 1, unreadCount: 0, lastReadSeq: 3 });
  });

  it.each(['added', 'joined'] as const)('reads from where they were %s where that is what is shown', async (how) => {
    const [here, bob] = [await room('joined', { joinPolicy: 'open' }), await app.person('bob')];
    await say(here.owner, here.id, 'one', 'two');
    if (how === 'added') await here.owner.call('POST', `${here.path}/participants`, { userIds: [bob.id] });
    else expect((await bob.call<JoinResult>('POST', `${here.path}/join`, {})).body.status).toBe('joined');

    const fresh = await look(bob, here.path);
    expect(fresh.lastMessage).toMatchObject({ seq: 3, messageType: 'system' });
    expect(fresh.me).toMatchObject({ visibleFromSeq: 3, unreadCount: 0 });
    await say(here.owner, here.id, 'three', 'four');
    expect(await look(bob, here.path)).toMatchObject({ lastSeq: 5, me: { visibleFromSeq: 3, unreadCount: 2 } });

    const all = { hasMoreBefore: false, hasMoreAfter: false };
    for (const query of ['limit=100', 'after=0', 'around=1', 'around=3', 'before=6']) {
      const page = await history(bob, here.id, query);
      expect([query, seqs(page)]).toEqual([query, [3, 4, 5]]);
      expect(page).toMatchObject(all);
    }
    expect(await history(bob, here.id, 'before=3')).toEqual({ items: [], hasMoreBefore: false, hasMoreAfter: true });
    expect(await history(bob, here.id, 'after=1&limit=2')).toMatchObject({ hasMoreBefore: false, hasMoreAfter: true });
    expect(seqs(await history(here.owner, here.id))).toEqual([1, 2, 3, 4, 5]);
  });

  it('cannot speak of a message from before, answered as of one that is not there', async () => {
    const [here, bob] = [await room('joined'), await app.person('bob')];
    await say(here.owner, here.id, 'one');
    const [first] = (await history(here.owner, here.id)).items;
    await here.owner.call('POST', `${here.path}/participants`, { userIds: [bob.id] });
    const draft = { content: 'x', replyToId: first?.id };
    expect((await bob.call<Problem>('PUT', `${here.path}/draft`, draft)).status).toBe(404);
  });

  it('who comes back begins anew, whatever they could read before', async () => {
    const [here, bob] = [await room('joined'), await app.person('bob')];
    const come = () => here.owner.call('POST', `${here.path}/participants`, { userIds: [bob.id] });
    await come();
    await say(here.owner, here.id, 'while there');
    await bob.call('POST', `${here.path}/leave`);
    await say(here.owner, here.id, 'while away');
    await come();
    await say(here.owner, here.id, 'back again');
    expect(seqs(await history(bob, here.id))).toEqual([5, 6]);
    expect((await look(bob, here.path)).me).toMatchObject({ visibleFromSeq: 5, unreadCount: 1 });
  });

  it('reads what the setting was when they came, though it has changed since', async () => {
    const here = await room('joined');
    const [bob, carol] = [await app.person('bob'), await app.person('carol')];
    await say(here.owner, here.id, 'one');
    await here.owner.call('POST', `${here.path}/participants`, { userIds: [bob.id] });
    await here.owner.call('PUT', here.path, { historyVisibility: 'all' });
    await here.owner.call('POST', `${here.path}/participants`, { userIds: [carol.id] });
    expect(seqs(await history(bob, here.id))).toEqual([2, 3]);
    expect(seqs(await history(carol, here.id))).toEqual([1, 2, 3]);
  });
});
