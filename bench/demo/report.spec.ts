import type { Message } from '@parley/sdk';
import { expect, it } from 'vitest';
import { type Facts, reportOf } from './report.js';
import { judge, type Line } from './verdict.js';
import { widthOf } from './terminal-width.js';

const texts = ['hi', ' two before', 'bếp lửa 春香 \u001b[2J', 'x'.repeat(300)];

const stored = texts.map((content, index): Message => ({
  id: `id-${index + 1}`,
  conversationId: 'room',
  seq: index + 1,
  rev: index + 1,
  senderId: 'ada',
  clientMessageId: `line-${index + 1}`,
  messageType: 'text',
  content,
  metadata: {},
  attachments: [],
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: false,
  editedAt: null,
  deletedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
}));

const lines = texts.map((content, index): Line => ({
  senderId: 'ada',
  clientMessageId: `line-${index + 1}`,
  content,
  acked: { id: `id-${index + 1}`, seq: index + 1 },
  line: index + 1,
  nick: 'ada',
  isAction: false,
}));

const times = { p50: 1.234, p95: 20, p99: 300, max: 1_000 };

/** The report on these texts when the members read this. */
function report(history: readonly Message[]): string {
  const histories = new Map([['host forward', history]]);
  const verdict = judge({ lines, histories, witnesses: [], inOrder: true, troubles: [] });
  const facts: Facts = {
    log: 'chat.txt',
    server: 'http://localhost:3000 (was running)',
    pace: 'as fast as the server takes it',
    people: 1_200,
    starters: 1,
    steps: { join: 1, leave: 0, rename: 2, say: lines.length },
    emptyLines: 1,
    otherLines: 0,
    allLines: 8,
    acked: lines.length,
    live: [4, 2, 3],
    late: 0,
    readers: 1,
    stored: history.length,
    timing: { ackMs: times, liveMs: times, seconds: 2, messagesPerSecond: 1_234.5, deliveriesPerSecond: 99_999 },
    verdict,
    taste: history.slice(-3).map((message) => ({ name: 'ada', message })),
  };
  return reportOf(facts, 80);
}

it('tells what happened, aligned and without a character that a terminal would obey', () => {
  const text = report(stored);
  for (const fact of [
    '  people              1,200 and a host, 1 of them there from the start',
    '  comings, goings     1 join, 0 leaves, 2 renames',
    '  lines               8 in the log, 4 with a text, 1 empty line skipped',
    '  received live       9; by each 2 … 4, median 3',
    '  byte for byte       4 of 4 texts as in the log',
    '  latency                    p50       p95       p99',
    '    to the ack            1.2 ms   20.0 ms  300.0 ms',
    '  rate                1,235 messages/s, 99,999 deliveries/s, for 2.0 s',
    '    <ada> bếp lửa 春香 �[2J',
    '  All of it arrived: nothing lost, doubled, altered, out of order or made up.',
  ]) {
    expect(text.split('\n')).toContain(fact);
  }
  expect(text).not.toContain('\u001b');
  expect(Math.max(...text.split('\n').slice(-7).map(widthOf))).toBeLessThanOrEqual(80);
});

it('cannot be content with a message that lost its leading space', () => {
  const text = report(stored.map((message) => (message.seq === 2 ? { ...message, content: 'two before' } : message)));
  expect(text).toContain('3 of 4 texts as in the log');
  expect(text).toContain('altered 1');
  expect(text).toContain("  2 violations:\n    line 2 by ada: 10 bytes are stored that are not the log's 11\n");
  expect(text).not.toContain('All of it arrived');
});

it('shows the first violations and counts the others', () => {
  const ghosts = Array.from({ length: 30 }, (_, index): Message => {
    const seq = stored.length + index + 1;
    return { ...stored[0], id: `ghost-${seq}`, seq, clientMessageId: `ghost-${seq}` } as Message;
  });
  const text = report([...stored, ...ghosts]);
  expect(text).toContain('phantom 30');
  expect(text.match(/I-7 no phantom/g)).toHaveLength(20);
  expect(text).toContain('    and 10 more\n');
});
