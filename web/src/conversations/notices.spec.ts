import { expect, it } from 'vitest';
import { isWorthTelling } from './notices.js';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const message = { senderId: 'bob', messageType: 'text', deletedAt: null } as const;
const seat = { mutedUntil: null, archived: false };
const worth = (about: Partial<Parameters<typeof isWorthTelling>[0]>) =>
  isWorthTelling({ message, seat, userId: 'lan', now: NOW, ...about });

it('tells of what somebody else has written', () => {
  expect(worth({})).toBe(true);
});

it.each([
  ['what the reader wrote elsewhere', { message: { ...message, senderId: 'lan' } }],
  ['that somebody has joined', { message: { ...message, messageType: 'system' as const } }],
  ['a muted conversation', { seat: { ...seat, mutedUntil: '2026-01-01T00:00:01.000Z' } }],
  ['an archived conversation', { seat: { ...seat, archived: true } }],
])('does not tell of %s', (_, about) => {
  expect(worth(about)).toBe(false);
});

it('tells again of a conversation whose quiet is over', () => {
  expect(worth({ seat: { ...seat, mutedUntil: '2025-12-31T23:59:59.000Z' } })).toBe(true);
});
