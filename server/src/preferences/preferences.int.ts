import { randomUUID } from 'node:crypto';
import type { Conversation, Message, Problem, SaveDraft, Seat, UpdatePreferences } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function pair(): Promise<{ alice: Person; bob: Person; path: string; id: string }> {
  const [alice, bob] = [await app.person('alice'), await app.person('bob')];
  const input = { type: 'direct', participantIds: [bob.id] };
  const { body } = await alice.call<Conversation>('POST', '/conversations', input);
  return { alice, bob, id: body.id, path: `/conversations/${body.id}` };
}
const prefer = (person: Person, path: string, input: UpdatePreferences) =>
  person.call<Seat & Problem>('PUT', `${path}/preferences`, input);
const draft = (person: Person, path: string, input: SaveDraft) =>
  person.call<Seat & Problem>('PUT', `${path}/draft`, input);
const me = async (person: Person, path: string) => (await person.call<Conversation>('GET', path)).body.me;
const say = async (person: Person, conversationId: string) =>
  (await person.call<Message>('POST', '/messages', { conversationId, content: 'hello' })).body;
const UNTIL = '2040-01-01T00:00:00.000Z';

describe('preferences', () => {
  it('change as asked, the others stay, and nobody else has them', async () => {
    const { alice, bob, path } = await pair();
    const before = await me(bob, path);
    const first = await prefer(alice, path, { pinned: true, mutedUntil: UNTIL });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ pinned: true, mutedUntil: UNTIL, archived: false, markedUnread: false });
    const second = await prefer(alice, path, { archived: true, markedUnread: true, pinned: false });
    expect(second.body).toMatchObject({ pinned: false, mutedUntil: UNTIL, archived: true, markedUnread: true });
    const third = await prefer(alice, path, { mutedUntil: null });
    expect(third.body).toMatchObject({ mutedUntil: null, archived: true });
    expect(await me(alice, path)).toEqual(third.body);
    expect(await me(bob, path)).toEqual(before);
  });

  it('are counted in the inbox and told to the other devices of the person alone', async () => {
    const { alice, bob, path, id } = await pair();
    const [hers, his] = [
      await connectSocket(app.url, alice.accessToken),
      await connectSocket(app.url, bob.accessToken),
    ];
    const { rev } = await me(alice, path);
    for (const [index, archived] of [true, false, true].entries()) {
      const { body } = await prefer(alice, path, { archived });
      expect(body.rev).toBe(rev + index + 1);
      expect(await hers.hears('seat_updated', (told) => told.me.rev === body.rev)).toMatchObject({
        conversationId: id,
      });
    }
    await say(alice, id);
    await his.hears('new_message');
    expect(his.heard('seat_updated')).toEqual([]);
    hers.close();
    his.close();
  });

  it('keep an archived conversation archived when something is written in it', async () => {
    const { alice, bob, path, id } = await pair();
    await prefer(alice, path, { archived: true });
    await say(bob, id);
    expect(await me(alice, path)).toMatchObject({ archived: true, unreadCount: 1 });
  });

  it.each([
    [{ pinned: null }, 'pinned'],
    [{ mutedUntil: 'tomorrow' }, 'mutedUntil'],
    [{ role: 'owner' }, 'role'],
  ])('refuse %j and name where', async (input, fault) => {
    const { alice, path } = await pair();
    const { status, body } = await alice.call<Problem>('PUT', `${path}/preferences`, input);
    expect([status, body.errors?.map((error) => error.path)]).toEqual([400, [fault]]);
  });
});

describe('a draft', () => {
  it('is the same on all devices until it is removed, either way', async () => {
    const { alice, bob, path, id } = await pair();
    const { id: replyToId } = await say(bob, id);
    const device = await connectSocket(app.url, alice.accessToken);
    const { status, body } = await draft(alice, path, { content: ' half a sent', replyToId });
    expect(status).toBe(200);
    expect(body.draft).toMatchObject({ content: ' half a sent', replyToId });
    expect((await device.hears('seat_updated')).me).toEqual(body);
    expect((await me(alice, path)).draft).toEqual(body.draft);
    expect((await me(bob, path)).draft).toBeNull();

    expect((await alice.call<Seat>('DELETE', `${path}/draft`)).body).toMatchObject({ draft: null, rev: body.rev + 1 });
    await draft(alice, path, { content: 'again' });
    expect((await draft(alice, path, { content: '' })).body).toMatchObject({ draft: null, rev: body.rev + 3 });
    device.close();
  });

  it('answers only what is in the conversation', async () => {
    const [here, there] = [await pair(), await pair()];
    const { id: elsewhere } = await say(there.alice, there.id);
    for (const replyToId of [elsewhere, randomUUID()]) {
      expect((await draft(here.alice, here.path, { content: 'x', replyToId })).status).toBe(404);
    }
    expect((await me(here.alice, here.path)).draft).toBeNull();
  });

  it.each([
    ['a NUL character', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
    ['a text over the limit', 'x'.repeat(16_385)],
  ])('refuses %s', async (_, content) => {
    const { alice, path } = await pair();
    const { status, body } = await draft(alice, path, { content });
    expect([status, body.errors?.map((error) => error.path)]).toEqual([400, ['content']]);
  });
});

describe('the place of somebody else', () => {
  it.each(['a stranger', 'somebody who has left'] as const)('is nothing to %s', async (who) => {
    const [alice, mallory] = [await app.person('alice'), await app.person('mallory')];
    const participantIds = who === 'a stranger' ? [] : [mallory.id];
    const input = { type: 'group', name: 'Room', participantIds };
    const { body: room } = await alice.call<Conversation>('POST', '/conversations', input);
    if (who !== 'a stranger') await mallory.call('POST', `/conversations/${room.id}/leave`);
    const inbox = () => app.sql('SELECT rev FROM inboxes WHERE user_id = $1', [mallory.id]);
    const before = await inbox();
    const attempts = (path: string) =>
      Promise.all([
        prefer(mallory, path, { pinned: true }),
        draft(mallory, path, { content: 'x' }),
        mallory.call<Problem>('DELETE', `${path}/draft`),
      ]);
    const unknown = await attempts(`/conversations/${randomUUID()}`);
    expect(unknown.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await attempts(`/conversations/${room.id}`)).map((answer) => sameBut<object>(answer))).toEqual(
      unknown.map((answer) => sameBut<object>(answer)),
    );
    expect(await inbox()).toEqual(before);
  });
});
