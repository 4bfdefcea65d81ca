import type { SyncCursor, SyncRequest, SyncResult } from '@parley/sdk';
import { afterEach, expect, it } from 'vitest';
import { type Actor, cast, deviceOf } from './cast.js';
import { expectLiveEqualsReload } from './convergence.js';
import type { Deployment } from './harness/index.js';
import { describeOnEachDeployment } from './on-each-deployment.js';
import { type RawSession, rawSession } from './raw.js';

const open: RawSession[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});
/** How somebody syncs, at the node they are on or at another. */
async function syncOf({ username, url }: Pick<Actor, 'username' | 'url'>) {
  const session = await rawSession({ username, url });
  open.push(session);
  return {
    rest: (request: unknown) => session.post('/sync', request) as Promise<SyncResult>,
    socket: (request: unknown) => session.emit('sync', request),
  };
}

/** Ann's group with Bob in it, and Cem outside. Ann and Bob are on different nodes where there are two. */
async function group(on: Deployment) {
  const people = await cast(on, 'ann', 'bob', 'cem');
  const input = { type: 'group' as const, name: 'Room', participantIds: [people.bob.id] };
  const { id } = await people.ann.client.conversations.create(input);
  return { ...people, id };
}

const say = (who: Actor, id: string, content: string) => who.client.messages.post(id, content);
/** Where a client is that has all of this. */
const cursorsOf = ({ inboxRev, conversations }: SyncResult): SyncRequest => ({
  inboxRev,
  conversations: Object.fromEntries(conversations.map(({ id, lastSeq, rev }) => [id, { seq: lastSeq, rev }])),
});

describeOnEachDeployment((on) => {
  it('tells the same over REST and over the socket, on whichever node', async () => {
    const { ann, bob, id } = await group(on());
    const [here, there] = [await syncOf(bob), await syncOf({ username: bob.username, url: ann.url })];
    const since = cursorsOf(await here.rest({}));
    const messages = [];
    for (const content of ['one', 'two', 'three']) messages.push(await say(ann, id, content));
    await ann.client.messages.edit(messages[0]?.id ?? '', 'first');
    await ann.client.messages.delete(messages[1]?.id ?? '');
    const rest = await here.rest(since);
    expect(rest.messages[id]?.items.map(({ content }) => content)).toEqual(['first', null, 'three']);
    expect(rest.more).toBe(false);
    expect(await here.socket(since)).toEqual({ ok: true, data: rest });
    expect(await there.rest(since)).toEqual(rest);
    expect(await there.socket(since)).toEqual({ ok: true, data: rest });
  });

  it('comes page by page, with nothing left out, where there is more than one answer holds', async () => {
    const { ann, bob, id } = await group(on());
    const { rest } = await syncOf(bob);
    let since = cursorsOf(await rest({}));
    await Promise.all(Array.from({ length: 250 }, (_, index) => say(ann, id, `line ${index}`)));
    const seqs: number[] = [];
    let pages = 0;
    for (let isMore = true; isMore; pages += 1) {
      const { inboxRev, messages, more } = await rest(since);
      const { items = [], ...cursor } = messages[id] ?? {};
      seqs.push(...items.map(({ seq }) => seq));
      const { seq = 0, rev = 0 } = cursor as Partial<SyncCursor>;
      since = { inboxRev, conversations: { ...since.conversations, ...(items.length > 0 && { [id]: { seq, rev } }) } };
      isMore = more;
    }
    expect(seqs).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(pages).toBeGreaterThan(1);
  });

  it('says what one has no part in any more, and nothing else of it', async () => {
    const { ann, bob, id } = await group(on());
    const { rest } = await syncOf(bob);
    const since = cursorsOf(await rest({}));
    await ann.client.conversations.remove(id, bob.id);
    await say(ann, id, 'a secret');
    const told = await rest(since);
    expect(told).toMatchObject({ removed: [id], conversations: [], messages: {} });
    expect(JSON.stringify(told)).not.toContain('a secret');
  });

  it('gives nobody what is not theirs for a cursor, and a fresh start for one that cannot be', async () => {
    const { ann, bob, cem, id } = await group(on());
    await say(ann, id, 'a secret');
    const foreign = await (await syncOf(cem)).rest({ inboxRev: 0, conversations: { [id]: { seq: 0, rev: 0 } } });
    expect(foreign).toMatchObject({ removed: [id], conversations: [], messages: {} });
    const { rest, socket } = await syncOf(bob);
    const ahead = { inboxRev: 0, conversations: { [id]: { seq: 1_000_000, rev: 1_000_000 } } };
    expect(await rest(ahead)).toMatchObject({ resync: [id] });
    expect(await rest({ inboxRev: 1_000_000 })).toMatchObject({ code: 'resync_required' });
    const garbage = { inboxRev: 'zero', conversations: { [id]: null } };
    expect(await rest(garbage)).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(await socket(garbage)).toMatchObject({ ok: false, error: { code: 'validation_failed' } });
  });

  it('keeps drafts and settings the same on all devices of a person, and to that person', async () => {
    const { ann, bob, id } = await group(on());
    const tablet = await deviceOf({ username: bob.username, url: ann.url });
    await Promise.all([ann, bob, tablet].map(({ client }) => client.store.start()));
    const message = await say(ann, id, 'what do you say?');
    const seat = () => tablet.client.store.getState().conversations.get(id)?.conversation.me;
    await bob.client.conversations.saveDraft(id, { content: 'I say', replyToId: message.id });
    await expect.poll(() => seat()?.draft).toMatchObject({ content: 'I say', replyToId: message.id });
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await bob.client.conversations.setPreferences(id, { pinned: true, archived: true, mutedUntil, markedUnread: true });
    await expect.poll(seat).toMatchObject({ pinned: true, archived: true, mutedUntil, markedUnread: true });
    await tablet.client.conversations.removeDraft(id);
    await expect.poll(() => bob.client.store.getState().conversations.get(id)?.conversation.me.draft).toBeNull();
    await Promise.all([ann, bob, tablet].map(expectLiveEqualsReload));
    const { me } = await ann.client.conversations.get(id);
    expect(me).toMatchObject({ pinned: false, archived: false, mutedUntil: null, draft: null });
    tablet.client.disconnect();
  });
});
