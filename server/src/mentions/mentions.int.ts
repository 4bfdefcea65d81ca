import type { Message } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { startRoom, type TestRoom } from '../platform/testing/test-room.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const at = ({ user }: Person) => `@${user.username}`;
const counts = async (room: TestRoom, person: Person) => {
  const { unreadCount, mentionCount } = await room.me(person);
  return [unreadCount, mentionCount];
};
const edit = (person: Person, { id }: Message, content: string) => person.call('PUT', `/messages/${id}`, { content });

describe('a mention', () => {
  it('is found by name, whatever its case, and counted for who is meant until it is read', async () => {
    const room = await startRoom(app);
    const other = await room.newcomer();
    const text = `Hi ${at(room.member).toUpperCase()}, see ${at(room.member)}.`;
    const message = await room.send(room.owner, text);
    const { length } = at(room.member);
    expect(message.mentions).toEqual([
      { userId: room.member.id, offset: 3, length },
      { userId: room.member.id, offset: 3 + length + 6, length },
    ]);
    expect(await room.look(other, message)).toEqual(message);
    await room.send(room.owner, 'nobody in particular');
    expect(await counts(room, room.member)).toEqual([3, 1]);
    expect(await counts(room, other)).toEqual([2, 0]);
    await room.member.call('POST', '/messages/mark-read', { conversationId: room.id, seq: message.seq });
    expect(await counts(room, room.member)).toEqual([1, 0]);
  });

  it('means members alone, and no longer those who have left', async () => {
    const room = await startRoom(app);
    const stranger = await app.person('stranger');
    expect((await room.send(room.owner, `${at(stranger)} ${at(room.member)}`)).mentions).toHaveLength(1);
    await room.remove(room.member);
    expect((await room.send(room.owner, at(room.member))).mentions).toEqual([]);
  });

  it('of all counts for everyone else, where the writer may', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'hear, @all!');
    expect(message.mentions).toEqual([{ userId: null, offset: 6, length: 4 }]);
    expect(await counts(room, room.member)).toEqual([1, 1]);
    expect(await counts(room, room.owner)).toEqual([0, 0]);
    expect((await room.send(room.member, 'hear, @all!')).mentions).toEqual([]);
    expect(await counts(room, room.owner)).toEqual([1, 0]);
  });

  it('follows an edit and ends with a deletion', async () => {
    const room = await startRoom(app);
    const message = await room.send(room.owner, 'nobody');
    await edit(room.owner, message, `${at(room.member)} and @all`);
    expect(await counts(room, room.member)).toEqual([1, 1]);
    expect((await room.look(room.member, message))?.mentions).toHaveLength(2);
    await edit(room.owner, message, 'just @all');
    expect(await counts(room, room.member)).toEqual([1, 1]);
    await edit(room.owner, message, 'nobody again');
    expect(await counts(room, room.member)).toEqual([1, 0]);
    await edit(room.owner, message, at(room.member));
    await room.owner.call('DELETE', `/messages/${message.id}`);
    expect(await counts(room, room.member)).toEqual([0, 0]);
    expect(await app.sql('SELECT 1 FROM mentions WHERE conversation_id = $1', [room.id])).toEqual([]);
  });

  it('is looked for in texts, not in captions', async () => {
    const room = await startRoom(app);
    const metadata = { latitude: 0, longitude: 0 };
    const message = await room.send(room.owner, { messageType: 'location', content: at(room.member), metadata });
    expect(message.mentions).toEqual([]);
  });
});
