import type { Message } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { type Attempt, check, type Observation } from './checker.js';

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

  it('raises an alarm for a socket that was told twice, or not at all', () => {
    expect(observe(whole, { live: new Map([['bob', [message(1), message(1)]]]) })).toContain('I-6 live');
    expect(observe(whole, { live: new Map([['bob', []]]), mustBeLive: new Map([['bob', [2]]]) })).toContain('I-6 live');
  });
});
