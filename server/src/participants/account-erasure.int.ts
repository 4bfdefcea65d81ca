import type { Conversation, MessagePage, Participant, Problem, SignedIn, User } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type Person,
  resetTokenIn,
  sameBut,
  startTestApp,
  type TestApp,
} from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const remove = (person: Person, password = PASSWORD) => person.call<Problem>('DELETE', '/users/profile', { password });
const login = (person: Person) =>
  app.call<SignedIn & Problem>('POST', '/auth/login', { login: person.user.username, password: PASSWORD });
const group = async (owner: Person, others: Person[]) =>
  (
    await owner.call<Conversation>('POST', '/conversations', {
      type: 'group',
      name: 'Room',
      participantIds: others.map(({ id }) => id),
    })
  ).body;

/** Waits until the job that forgets an account has done so, as anyone can see. */
async function erased(person: Person, observer: Person): Promise<User> {
  let seen: User | undefined;
  await app.until(async () => {
    seen = (await observer.call<User>('GET', `/users/${person.id}`)).body;
    return seen.firstName === 'Deleted account';
  });
  if (!seen) throw new Error('Nobody was seen');
  return seen;
}

describe('deleting the account', () => {
  it('asks for the password, and changes nothing when it is wrong', async () => {
    const alice = await app.person('alice');
    const { status, body } = await remove(alice, 'not the password');
    expect(status).toBe(401);
    expect(body.code).toBe('invalid_credentials');
    expect((await login(alice)).status).toBe(200);
    expect((await alice.call('GET', '/users/profile')).status).toBe(200);
  });

  it('ends every session and every way back in, at once', async () => {
    const alice = await app.person('alice');
    const { body: phone } = await login(alice);
    const unknown = await app.call<Problem>('POST', '/auth/login', { login: 'nobody.here', password: PASSWORD });
    expect((await remove(alice)).status).toBe(202);
    for (const { accessToken, refreshToken } of [alice, phone]) {
      expect((await app.call('GET', '/users/profile', undefined, accessToken)).status).toBe(401);
      expect((await app.call('POST', '/auth/refresh', { refreshToken })).status).toBe(401);
    }
    expect(sameBut(await login(alice))).toEqual(sameBut(unknown));
  });

  it('lets nobody sign in who was about to', async () => {
    const alice = await app.person('alice');
    const logins = Array.from({ length: 8 }, () => login(alice));
    await remove(alice);
    for (const { status, body } of await Promise.all(logins)) {
      if (status === 200) {
        expect((await app.call('GET', '/users/profile', undefined, body.accessToken)).status).toBe(401);
      } else expect(status).toBe(401);
    }
  });

  it('forgets who it was, and frees the name and the address', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    await alice.call('PUT', '/users/profile', { phone: '+84901234567' });
    await alice.call('PUT', '/users/status', { status: 'busy', text: 'leaving' });
    await remove(alice);
    const seen = await erased(alice, bob);
    expect(seen).toMatchObject({ id: alice.id, displayName: 'Deleted account', lastName: '', avatarUrl: null });
    const [row] = await app.sql<{ row: string }>('SELECT u::text AS row FROM users u WHERE id = $1', [alice.id]);
    for (const secret of [alice.user.username, alice.user.email, '84901234567', 'leaving', 'argon2']) {
      expect(row?.row).not.toContain(secret);
    }
    const again = { username: alice.user.username, email: alice.user.email, password: PASSWORD };
    const { status } = await app.call('POST', '/auth/register', { ...again, firstName: 'Another', lastName: 'Alice' });
    expect(status).toBe(201);
  });

  it('forgets who it was though somebody has taken the name it would get', async () => {
    const alice = await app.person('alice');
    const mallory = await app.person('mallory');
    const other = await app.person('other');
    await remove(other);
    const { username } = await erased(other, mallory);
    // The next one's name can be foreseen: can it be taken?
    await mallory.call('PUT', '/users/profile', { username: username.replace(other.id, alice.id) });
    await remove(alice);
    expect((await erased(alice, mallory)).displayName).toBe('Deleted account');
  });

  it('leaves the groups and passes their ownership on', async () => {
    const [alice, bob, carol] = [await app.person('alice'), await app.person('bob'), await app.person('carol')];
    const room = await group(alice, [bob, carol]);
    await alice.call('PUT', `/conversations/${room.id}/participants/${carol.id}`, { role: 'admin' });
    await remove(alice);
    await erased(alice, bob);
    const { body } = await bob.call<{ items: Participant[] }>('GET', `/conversations/${room.id}/participants`);
    expect(body.items.map(({ userId, role }) => [userId, role]).toSorted()).toEqual(
      [
        [bob.id, 'member'],
        [carol.id, 'owner'],
      ].toSorted(),
    );
    const { body: history } = await bob.call<MessagePage>('GET', `/messages/${room.id}`);
    expect(history.items.map(({ metadata }) => metadata.event)).toEqual([
      'role_changed',
      'role_changed',
      'participant_left',
    ]);
  });

  it('keeps the direct conversation and what was said in it for the other person', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const input = { type: 'direct', participantIds: [bob.id] };
    const { body: chat } = await alice.call<Conversation>('POST', '/conversations', input);
    await alice.call('POST', '/messages', { conversationId: chat.id, content: 'remember me' });
    await remove(alice);
    await erased(alice, bob);
    const { body: kept } = await bob.call<Conversation>('GET', `/conversations/${chat.id}`);
    expect(kept.peer).toMatchObject({ id: alice.id, displayName: 'Deleted account' });
    expect(kept.me.unreadCount).toBe(1);
    const { body: history } = await bob.call<MessagePage>('GET', `/messages/${chat.id}`);
    expect(history.items.map(({ content }) => content)).toEqual(['remember me']);
  });

  it('cannot be undone by a reset link that was out', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    await app.call('POST', '/auth/forgot', { email: alice.user.email });
    const token = resetTokenIn(await app.mailTo(alice.user.email));
    await remove(alice);
    await erased(alice, bob);
    expect((await app.call('POST', '/auth/reset', { token, password: 'a password of old' })).status).toBe(400);
  });

  it('leaves no seat behind when the person is being added to groups meanwhile', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    const rooms = await Promise.all(Array.from({ length: 6 }, () => group(bob, [])));
    const adds = rooms.map((room) =>
      bob.call('POST', `/conversations/${room.id}/participants`, { userIds: [alice.id] }),
    );
    await Promise.all([remove(alice), ...adds]);
    await erased(alice, bob);
    for (const room of rooms) {
      const { body } = await bob.call<{ items: Participant[] }>('GET', `/conversations/${room.id}/participants`);
      expect(body.items.map(({ userId }) => userId)).toEqual([bob.id]);
    }
  });
});
