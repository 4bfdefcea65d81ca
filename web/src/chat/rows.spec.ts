import type { Message, OutboxEntry } from '@parley/sdk';
import { expect, it } from 'vitest';
import { rowsOf, seqUpTo } from './rows.js';

const at = (seq: number, createdAt: string, senderId = 'ann', messageType = 'text') =>
  ({ id: `m${seq}`, seq, senderId, createdAt, messageType, clientMessageId: null }) as Message;

it('says where a day begins, where somebody goes on, and where one had read up to', () => {
  const messages = [
    at(1, '2026-03-01T10:00:00.000Z'),
    at(2, '2026-03-01T10:01:00.000Z'),
    at(3, '2026-03-01T10:02:00.000Z', 'bob'),
    at(4, '2026-03-01T10:20:00.000Z', 'bob'),
    at(5, '2026-03-03T10:20:30.000Z', 'bob'),
    at(6, '2026-03-03T10:20:40.000Z', 'bob'),
    at(7, '2026-03-03T10:20:50.000Z', 'bob', 'system'),
  ];
  const marks = rowsOf(messages, [], { firstUnread: 6, userId: 'me' }).map((row) =>
    row.kind === 'message'
      ? [row.isNewDay && 'day', row.isFirstUnread && 'unread', row.goesOn && 'goes on'].filter(Boolean).join(', ')
      : 'outgoing',
  );
  expect(marks).toEqual(['day', 'goes on', '', '', 'day', 'unread', '']);
});

it('shows nothing of what one has deleted for oneself, and the line of the unread below it', () => {
  const day = '2026-03-01T10:00:00.000Z';
  const messages = [at(1, day), { ...at(2, day), isHidden: true } as Message, at(3, day)];
  const shown = rowsOf(messages, [], { firstUnread: 2, userId: 'me' }).map(
    (row) => row.kind === 'message' && [row.message.seq, row.isFirstUnread],
  );
  expect(shown).toEqual([
    [1, false],
    [3, true],
  ]);
});

it('draws no line of the unread in a stretch that lies behind it', () => {
  const rows = rowsOf([at(50, '2026-03-01T10:00:00.000Z')], [], { firstUnread: 20, userId: 'me' });
  expect(rows).toMatchObject([{ isFirstUnread: false }]);
});

it('draws the line of the unread above what somebody else has written', () => {
  const day = '2026-03-01T10:00:00.000Z';
  const rows = rowsOf([at(1, day, 'me'), at(2, day), at(3, day)], [], { firstUnread: 1, userId: 'me' });
  expect(rows).toMatchObject([{ isFirstUnread: false }, { isFirstUnread: true }, { isFirstUnread: false }]);
});

it('leaves what was refused where it was written, and has what is on its way after all else', () => {
  const entry = (key: string, queuedAt: string, state: 'failed' | 'sending') =>
    ({ message: { clientMessageId: key }, queuedAt, state }) as OutboxEntry;
  const outbox = [
    entry('before all', '2026-03-01T09:00:00.000Z', 'failed'),
    entry('between', '2026-03-01T10:30:00.000Z', 'failed'),
    entry('on its way', '2026-03-01T10:40:00.000Z', 'sending'),
    entry('after all', '2026-03-01T12:00:00.000Z', 'failed'),
  ];
  const messages = [at(7, '2026-03-01T10:00:00.000Z'), at(8, '2026-03-01T11:00:00.000Z')];
  const shown = (hasMoreBefore: boolean) =>
    rowsOf(messages, outbox, { firstUnread: null, userId: 'me', hasMoreBefore });
  const keys = (hasMoreBefore: boolean) => shown(hasMoreBefore).map(({ key }) => key);
  expect(keys(false)).toEqual(['before all', 'm7', 'between', 'm8', 'after all', 'on its way']);
  // Its place is further up, where nothing is loaded yet.
  expect(keys(true)).toEqual(['m7', 'between', 'm8', 'after all', 'on its way']);
  expect([-1, 0, 1, 2, 3, 5].map((place) => seqUpTo(shown(false), place))).toEqual([undefined, undefined, 7, 7, 8, 8]);
});
