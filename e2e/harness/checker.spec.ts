import type { Message } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { type Attempt, check, type Observation, type SeenSeat } from './checker.js';

const attempt = (index: number): Attempt => ({
  senderId: 'alice',
  clientMessageId: `key-${index}`,
  content: `text ${index}`,
  acked: { id: `id-${index}`, seq: index },
});

const message = (seq: number, of = seq): Message => ({
  id: `id-${of}`,
  conversationId: 'room',
  seq,
  rev: seq,
  senderId: 'alice',
  clientMessageId: `key-${of}`,
  messageType: 'text',
  content: `text ${of}`,
  metadata: {},
  attachments: [],
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: false,
  editedAt: null,
  deletedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
});

function observe(history: readonly Message[], more: Partial<Observation> = {}): string[] {
  const seen: Observation = {
    attempts: [1, 2, 3, 4].map(attempt),
    histories: new Map([
      ['alice', history],
      ['bob', history],
    ]),
    live: new Map(),
    ...more,
  };
  return [...new Set(check(seen).map((violation) => violation.invariant))];
}

const seat = (change: Partial<SeenSeat>): SeenSeat => ({
  userId: 'bob',
  visibleFromSeq: 1,
  lastReadSeq: 0,
  unreadCount: 0,
  mentionCount: 0,
  ...change,
});

const whole = [1, 2, 3, 4].map((seq) => message(seq));

describe('the consistency checker', () => {
  it('is content with a conversation that kept its promises', () => {
    expect(observe(whole, { live: new Map([['bob', whole]]), mustBeLive: new Map([['bob', [1, 2, 3, 4]]]) })).toEqual(
      [],
    );
  });

  it('raises an alarm for a lost message', () => {
    expect(observe([message(1), message(2), message(3)])).toContain('I-1 durable ack');
  });

  it('raises an alarm for a message that is not what was sent', () => {
    expect(observe([message(1), message(2), { ...message(3), content: 'text 3 ' }, message(4)])).toContain(
      'I-1 durable ack',
    );
  });

  it('raises an alarm for a message stored twice', () => {
    expect(observe([...whole, { ...message(5, 4), id: 'id-5' }])).toContain('I-2 exactly once');
  });

  it('raises an alarm for messages that changed places', () => {
    expect(observe([message(1), message(2, 3), message(3, 2), message(4)])).toContain('I-4 sender order');
  });

  it('raises an alarm for a hole in the positions', () => {
    expect(observe([message(1), message(2), message(4)])).toContain('I-3 one order');
  });

  it('raises an alarm when two members read different lists', () => {
    const histories = new Map([
      ['alice', whole],
      ['bob', [message(1), message(2), message(3), { ...message(4), id: 'other' }]],
    ]);
    expect(observe(whole, { histories })).toContain('I-3 one order');
  });

  it('raises an alarm for a ghost that nobody sent', () => {
    expect(observe([...whole, message(5)])).toContain('I-7 no phantom');
  });

  it('raises an alarm for a live message that is not in the history', () => {
    expect(observe(whole, { live: new Map([['bob', [message(9)]]]) })).toContain('I-7 no phantom');
  });

  it('accepts that a message says something else once it shows that it was edited, deleted or hidden', () => {
    const changed = (change: Partial<Message>) =>
      observe([message(1), message(2), message(3), { ...message(4), content: null, ...change }]);
    expect(changed({})).toEqual(['I-1 durable ack']);
    expect(changed({ isEdited: true })).toEqual([]);
    expect(changed({ deletedAt: '2026-01-01T00:00:01.000Z' })).toEqual([]);
    expect(changed({ isHidden: true })).toEqual([]);
  });

  it('asks of a member for what they can see, and for no less', () => {
    const seats = new Map([['bob', seat({ visibleFromSeq: 3, unreadCount: 2 })]]);
    const as = (bob: readonly Message[]) =>
      observe(whole, {
        seats,
        histories: new Map([
          ['alice', whole],
          ['bob', bob],
        ]),
      });
    expect(as([message(3), message(4)])).toEqual([]);
    expect(as([message(4)])).toContain('I-3 one order');
    expect(as([message(3)])).toContain('I-1 durable ack');
    expect(as([message(3), { ...message(4), id: 'other' }])).toContain('I-3 one order');
  });

  it('raises an alarm for counts that are not those of the history', () => {
    const mention = { userId: 'bob', offset: 0, length: 4 };
    const history: Message[] = [
      message(1),
      message(2),
      { ...message(3), mentions: [mention] },
      { ...message(4), isHidden: true },
    ];
    const told = (counts: Partial<SeenSeat>) => observe(history, { seats: new Map([['bob', seat(counts)]]) });
    expect(told({ lastReadSeq: 1, unreadCount: 2, mentionCount: 1 })).toEqual([]);
    expect(told({ lastReadSeq: 1, unreadCount: 3, mentionCount: 1 })).toEqual(['I-8 unread']);
    expect(told({ lastReadSeq: 1, unreadCount: 2, mentionCount: 0 })).toEqual(['I-8 unread']);
    expect(told({ userId: 'alice', unreadCount: 0, mentionCount: 0 })).toEqual([]);
  });

  it('raises an alarm for a socket that was told twice, or not at all', () => {
    expect(observe(whole, { live: new Map([['bob', [message(1), message(1)]]]) })).toContain('I-6 live');
    expect(observe(whole, { live: new Map([['bob', []]]), mustBeLive: new Map([['bob', [2]]]) })).toContain('I-6 live');
  });
});
