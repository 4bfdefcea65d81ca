import type { Message } from '@parley/sdk';
import { expect, it } from 'vitest';
import { rowsOf } from './rows.js';

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
