import {
  indexedDbCache,
  indexedDbOutbox,
  newClientMessageId,
  outboxOf,
  Parley,
  type StoreCache,
  type StoredTokens,
  stretchOf,
} from '@parley/sdk';
import { beforeAll, expect, it } from 'vitest';
import { type Actor, cast, type Device, PASSWORD } from './cast.js';
import { expectLiveEqualsReload } from './convergence.js';
import type { Deployment } from './harness/index.js';
import { openLine } from './line.js';
import { describeOnEachDeployment } from './on-each-deployment.js';
import { beLikeABrowser, closeTab } from './tabs.js';

beforeAll(beLikeABrowser);

/** Two people who know each other, and a cache for the device of the second. */
async function scene(on: Deployment) {
  const { ann, bob } = await cast(on, 'ann', 'bob');
  const direct = await ann.client.conversations.direct(bob.id);
  const group = await ann.client.conversations.create({ type: 'group', name: 'Room', participantIds: [bob.id] });
  const name = `cache ${newClientMessageId()}`;
  return { ann, bob, direct: direct.id, group: group.id, name };
}

/** The device opens the page, with what is kept in this cache. */
async function open(device: Device, name: string): Promise<Parley> {
  const page = device.reload({ cache: indexedDbCache(name) });
  await Promise.all([page.connect(), page.store.sync()]);
  return page;
}

/** The page is closed, as by a browser: what there is then is kept. */
async function close(page: Parley, name: string): Promise<void> {
  await page.store.saved();
  await closeTab(name);
  page.disconnect();
}

const shownBy = ({ store }: Parley) =>
  [...store.getState().conversations.values()].map(({ conversation, messages }) => ({ conversation, messages }));
const say = (who: Actor, id: string, content: string) => who.client.messages.post(id, content);
const sayAll = async (who: Actor, id: string, count: number) => {
  const said = [];
  for (let index = 0; index < count; index += 1) said.push(await say(who, id, `line ${index} of ${who.username}`));
  return said;
};
const isKept = async (name: string) => (await indexedDbCache(name).load()) !== null;

describeOnEachDeployment((on) => {
  it('shows at once and without the server what was shown before, and brings it up to date later', async () => {
    const { ann, bob, direct, name } = await scene(on());
    await sayAll(ann, direct, 3);
    const line = await openLine(bob.url);
    const before = await open(bob, name);
    await before.store.loadBefore(direct);
    const shown = shownBy(before);
    await close(before, name);

    line.cut();
    const page = bob.reload({ cache: indexedDbCache(name), url: line.url });
    expect(await page.store.restore()).toBe(true);
    expect(page.store.getState()).toMatchObject({
      isLoaded: true,
      userId: bob.id,
      profile: { email: expect.any(String) },
    });
    expect(shownBy(page)).toEqual(shown);
    await page.store.start();
    page.store.send(direct, 'written in a tunnel');
    expect(outboxOf(page.store.getState(), direct)).toMatchObject([{ state: 'sending' }]);

    await say(ann, direct, 'are you there?');
    line.mend();
    await page.connect();
    await ann.hears('new_message', ({ content }) => content === 'written in a tunnel');
    await expectLiveEqualsReload({ ...bob, client: page });
    page.disconnect();
    await line.close();
  });

  it('keeps what is written without the server until somebody is certainly signed in', async () => {
    const { ann, bob, direct, name } = await scene(on());
    await close(await open(bob, name), name);
    const line = await openLine(bob.url);
    line.cut();
    const options = () => ({
      cache: indexedDbCache(name),
      outbox: indexedDbOutbox(`outbox of ${name}`),
      url: line.url,
    });
    const away = bob.reload(options());
    await away.store.start();
    away.store.send(direct, 'later');
    await close(away, name);

    const again = bob.reload(options());
    await again.store.start();
    expect(outboxOf(again.store.getState(), direct)).toMatchObject([
      { state: 'sending', message: { content: 'later' } },
    ]);
    line.mend();
    await again.connect();
    expect(await ann.hears('new_message', ({ content }) => content === 'later')).toMatchObject({ senderId: bob.id });
    again.disconnect();
    await line.close();
  });

  it('equals a fresh store, however much was missed', async () => {
    const { ann, bob, direct, group, name } = await scene(on());
    const said = await sayAll(ann, group, 150);
    const left = await ann.client.conversations.create({ type: 'group', name: 'Over', participantIds: [bob.id] });
    const returned = await ann.client.conversations.create({ type: 'group', name: 'Back', participantIds: [bob.id] });
    await sayAll(ann, returned.id, 5);
    const before = await open(bob, name);
    await before.store.loadBefore(group, undefined, 100);
    await before.store.loadBefore(group, undefined, 100);
    await before.store.loadBefore(returned.id);
    await close(before, name);
    const held = before.store.getState().conversations.get(group);
    expect(held && stretchOf(held).messages).toHaveLength(said.length);

    const at = (index: number) => said.at(index)?.id ?? '';
    const { messages, conversations } = ann.client;
    // Of what is kept, and of what is not: only the newest hundred are.
    for (const index of [0, -1]) {
      await messages.post(group, 'as I said', { replyToId: at(index) });
      await messages.edit(at(index), `@${bob.username} edited`);
      await messages.react(at(index), '👍');
    }
    for (const index of [1, -2]) await messages.delete(at(index));
    for (const index of [2, -3]) await bob.client.messages.delete(at(index), 'me');
    await bob.client.messages.markRead({ conversationId: group, seq: 100 });
    await sayAll(ann, group, 120);
    await conversations.remove(left.id, bob.id);
    await conversations.remove(returned.id, bob.id);
    await conversations.update(returned.id, { historyVisibility: 'joined' });
    await conversations.add(returned.id, [bob.id]);
    await say(ann, returned.id, 'welcome back');
    await conversations.create({ type: 'group', name: 'New', participantIds: [bob.id] });
    await ann.client.users.updateProfile({ firstName: 'Anna' });

    const page = bob.reload({ cache: indexedDbCache(name) });
    expect(await page.store.restore()).toBe(true);
    const kept = page.store.getState().conversations.get(group);
    expect(kept?.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, index) => 51 + index));
    await page.store.sync();
    await expectLiveEqualsReload({ ...bob, client: page });
    expect(page.store.getState().conversations.has(left.id)).toBe(false);
    expect(page.store.getState().conversations.get(direct)?.conversation.peer?.displayName).toContain('Anna');
  });

  it('begins anew when the server does not know its numbers', async () => {
    const { ann, bob, direct, name } = await scene(on());
    await sayAll(ann, direct, 3);
    await close(await open(bob, name), name);
    const kept = indexedDbCache(name);
    const foreign: StoreCache = {
      ...kept,
      load: async () => {
        const found = await kept.load();
        return found && { ...found, person: { ...found.person, inbox: { ...found.person.inbox, rev: 1_000 } } };
      },
    };
    const page = bob.reload({ cache: foreign });
    expect(await page.store.restore()).toBe(true);
    await page.store.sync();
    await expectLiveEqualsReload({ ...bob, client: page });
  });

  it('goes on without a cache that can be neither read nor written', async () => {
    const { ann, bob, direct } = await scene(on());
    const fails = () => Promise.reject(new Error('private mode'));
    const page = bob.reload({ cache: { load: fails, hold: (work) => work(), save: fails, clear: fails } });
    await Promise.all([page.connect(), page.store.start()]);
    await page.store.saved();
    await say(ann, direct, 'hello');
    await expectLiveEqualsReload({ ...bob, client: page });
    page.disconnect();
  });

  it('leaves nothing for others when somebody signs out', async () => {
    const { bob, name } = await scene(on());
    const page = new Parley({ url: bob.url, cache: indexedDbCache(name) });
    await page.auth.login({ login: bob.username, password: PASSWORD });
    await page.store.start();
    await page.store.saved();
    expect(await isKept(name)).toBe(true);
    await page.auth.logout();
    expect(await isKept(name)).toBe(false);
    expect(page.store.getState()).toMatchObject({ userId: '', profile: null, isLoaded: false });
    await page.store.saved();
    expect(await isKept(name)).toBe(false);
  });

  it('leaves nothing for others when the session has been ended elsewhere', async () => {
    const { bob, name } = await scene(on());
    let tokens: StoredTokens | null = null;
    const tokenStore = { load: () => tokens, save: (saved: StoredTokens | null) => void (tokens = saved) };
    const before = new Parley({ url: bob.url, cache: indexedDbCache(name), tokenStore });
    await before.auth.login({ login: bob.username, password: PASSWORD });
    await before.store.start();
    await close(before, name);
    const { items } = await bob.client.auth.sessions();
    for (const { id, current } of items) if (!current) await bob.client.auth.endSession(id);

    const page = new Parley({ url: bob.url, cache: indexedDbCache(name), tokenStore });
    expect(await page.store.restore()).toBe(true);
    await expect(page.store.sync()).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    expect(page.store.getState()).toMatchObject({ userId: '', profile: null, isLoaded: false });
    expect(await isKept(name)).toBe(false);
  });

  it('sends what was left when somebody signed out in their name only, when they are back', async () => {
    const { ann, bob, direct } = await scene(on());
    const signIn = async (page: Parley, { username }: Actor) => {
      await page.auth.login({ login: username, password: PASSWORD });
      await page.store.start();
    };
    const page = new Parley({ url: bob.url });
    await signIn(page, bob);
    page.store.send(direct, 'not sent yet');
    await page.store.saved();
    await page.auth.logout();

    await signIn(page, ann);
    await page.connect();
    page.store.send(direct, 'by ann');
    await bob.hears('new_message', ({ content }) => content === 'by ann');
    await page.auth.logout();

    await signIn(page, bob);
    expect(outboxOf(page.store.getState(), direct)).toMatchObject([{ message: { content: 'not sent yet' } }]);
    await page.connect();
    const message = await ann.hears('new_message', ({ content }) => content === 'not sent yet');
    expect(message).toMatchObject({ senderId: bob.id });
    await expectLiveEqualsReload({ ...bob, client: page });
    page.disconnect();
  });

  it('sends nothing of what was given up with the sign-out', async () => {
    const { bob, direct } = await scene(on());
    const page = new Parley({ url: bob.url });
    const signIn = async () => {
      await page.auth.login({ login: bob.username, password: PASSWORD });
      await page.store.start();
    };
    await signIn();
    page.store.send(direct, 'given up');
    await page.auth.logout({ discardsUnsent: true });
    await signIn();
    expect(outboxOf(page.store.getState(), direct)).toEqual([]);
    page.disconnect();
  });

  it('shows nobody what was kept of another person', async () => {
    const { ann, bob, group, name } = await scene(on());
    await close(await open(bob, name), name);
    const page = new Parley({ url: ann.url, cache: indexedDbCache(name) });
    await page.auth.login({ login: ann.username, password: PASSWORD });
    expect(await isKept(name)).toBe(false);
    expect(await page.store.restore()).toBe(false);
    await page.store.start();
    await page.store.saved();
    expect((await indexedDbCache(name).load())?.person.profile.id).toBe(ann.id);
    await closeTab(name);

    // Somebody else has signed in without this cache being told.
    const other = bob.reload({ cache: indexedDbCache(name) });
    expect(await other.store.restore()).toBe(true);
    other.store.send(group, 'in whose name?');
    await other.connect();
    await other.store.sync();
    expect(other.store.getState()).toMatchObject({ userId: bob.id, outbox: [] });
    await expectLiveEqualsReload({ ...bob, client: other });
    const { items } = await ann.client.messages.history(group);
    expect(items.map(({ content }) => content)).not.toContain('in whose name?');
    other.disconnect();
  });
});
