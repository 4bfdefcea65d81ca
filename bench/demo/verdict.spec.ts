import type { Message } from '@parley/sdk';
import { describe, expect, it } from 'vitest';
import { entitledTo, strayFor, type Witness } from './entitlement.js';
import { judge, type Line, type Seen } from './verdict.js';

const base = {
  conversationId: 'room',
  attachments: [],
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: false,
  editedAt: null,
  deletedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
};

const text = (seq: number, content = `text ${seq}`): Message => ({
  ...base,
  id: `id-${seq}`,
  seq,
  rev: seq,
  senderId: 'ada',
  clientMessageId: `key-${seq}`,
  messageType: 'text',
  content,
  metadata: {},
});

const notice = (seq: number, metadata: Message['metadata']): Message => ({
  ...text(seq),
  clientMessageId: null,
  messageType: 'system',
  content: null,
  metadata,
});
const added = (seq: number, userId: string) => notice(seq, { event: 'participants_added', userIds: [userId] });
const left = (seq: number, userId: string) => notice(seq, { event: 'participant_left', userId });

const line = (seq: number, content = `text ${seq}`): Line => ({
  senderId: 'ada',
  clientMessageId: `key-${seq}`,
  content,
  acked: { id: `id-${seq}`, seq },
  line: seq,
  nick: 'ada',
  isAction: false,
});

const history = [text(1), added(2, 'bob'), text(3), text(4), left(5, 'bob'), text(6), added(7, 'bob'), text(8)];
const pick = (...seqs: number[]): Message[] => history.filter(({ seq }) => seqs.includes(seq));

const ada: Witness = { name: 'ada-run', userId: 'ada', isFromStart: true, entries: [0], live: history, whileOut: [] };
const bob: Witness = {
  name: 'bob-run',
  userId: 'bob',
  isFromStart: false,
  entries: [2, 7],
  live: pick(3, 4, 8),
  whileOut: [],
};
const twice = (read: readonly Message[]) => ({
  histories: new Map([
    ['ada-run forward', read],
    ['ada-run backward', read],
  ]),
});

const faithful: Seen = {
  lines: [1, 3, 4, 6, 8].map((seq) => line(seq)),
  ...twice(history),
  witnesses: [ada, bob],
  inOrder: true,
  troubles: [],
};
const change = (seq: number, changes: Partial<Message>) =>
  history.map((message) => (message.seq === seq ? { ...message, ...changes } : message));

describe('what a socket is entitled to', () => {
  it('is everything, for who was there from the start', () => {
    expect(entitledTo(ada, history)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is what comes after the conversation was shown, and of a stay that ended what had come', () => {
    expect(entitledTo(bob, history)).toEqual([3, 4, 8]);
    expect(entitledTo({ ...bob, live: pick(3, 8) }, history)).toEqual([3, 8]);
    expect(entitledTo({ ...bob, live: pick(4, 8) }, history)).toEqual([3, 4, 8]);
    expect(entitledTo({ ...bob, live: pick(8) }, history)).toEqual([8]);
    expect(entitledTo({ ...bob, entries: [3, 7] }, history)).toEqual([4, 8]);
  });

  it('is nothing where the conversation was never shown', () => {
    expect(entitledTo({ ...bob, entries: [2] }, history)).toEqual([3, 4]);
    expect(entitledTo({ ...bob, entries: [] }, history)).toEqual([]);
  });

  it('ends with leaving, for who was there from the start too', () => {
    const cy: Witness = {
      name: 'cy',
      userId: 'cy',
      isFromStart: true,
      entries: [0],
      live: [text(1), text(2)],
      whileOut: [],
    };
    expect(entitledTo(cy, [text(1), text(2), text(3), left(4, 'cy'), text(5)])).toEqual([1, 2]);
  });

  it('is no notice of a stay that ended: those may come late', () => {
    const cy: Witness = {
      name: 'cy',
      userId: 'cy',
      isFromStart: true,
      entries: [0],
      live: [text(1), text(3)],
      whileOut: [],
    };
    expect(entitledTo(cy, [text(1), added(2, 'dee'), text(3), left(4, 'cy')])).toEqual([1, 3]);
  });

  it('is not what was said while one was out', () => {
    expect(strayFor(bob, history)).toEqual([]);
    expect(strayFor({ ...bob, live: history, whileOut: pick(4, 5, 6) }, history)).toEqual(pick(6));
    expect(strayFor({ ...bob, live: pick(3, 4, 6, 8) }, history)).toEqual([]);
    expect(strayFor(ada, history)).toEqual([]);
  });
});

describe('the verdict', () => {
  it('is content with a log that arrived', () => {
    expect(judge(faithful)).toEqual({
      faults: { lost: 0, doubled: 0, altered: 0, 'out of order': 0, phantom: 0, 'not told': 0, 'told while out': 0 },
      sameBytes: 5,
      isReadAlike: true,
      violations: [],
    });
  });

  it.each<[string, Partial<Seen>, object]>([
    ['a text that lost a space', { lines: [line(1, 'text 1 '), ...faithful.lines.slice(1)] }, { altered: 1 }],
    [
      'a text in another normal form',
      { lines: [line(1), line(3, 'é')], ...twice(change(3, { content: 'e\u0301' })) },
      {},
    ],
    ['a message that was acknowledged and is gone', twice(history.filter(({ seq }) => seq !== 4)), { lost: 1 }],
    ['a message stored twice', twice([...history, { ...text(9), clientMessageId: 'key-1' }]), { doubled: 1 }],
    ['a message nobody sent', twice([...history, text(9)]), { phantom: 1 }],
    ['a socket told twice', { witnesses: [{ ...ada, live: [...history, text(1)] }] }, { doubled: 1 }],
    ['a socket told something else', { witnesses: [{ ...ada, live: change(4, { content: 'x' }) }] }, { altered: 1 }],
    ['a socket not told', { witnesses: [{ ...ada, live: pick(1, 2, 3, 4, 5, 6, 7) }] }, { 'not told': 1 }],
    ['a socket told while its owner was out', { witnesses: [{ ...bob, whileOut: pick(6) }] }, { 'told while out': 1 }],
    ['an action that became a text', { lines: [{ ...line(1), isAction: true }, ...faithful.lines.slice(1)] }, {}],
    ['a line that was refused', { lines: [...faithful.lines, { ...line(9), acked: null }] }, {}],
    ['trouble on the way', { troubles: ['a connection was lost'] }, {}],
  ])('is against %s', (_what, changes, faults) => {
    const verdict = judge({ ...faithful, ...changes });
    expect(verdict.violations).not.toEqual([]);
    expect(verdict.faults).toMatchObject(faults);
  });

  it('is against lines that changed places, of one person always and of several when they were sent in order', () => {
    const swapped = { lines: [line(3), line(1), line(4), line(6), line(8)] };
    expect(judge({ ...faithful, ...swapped }).faults['out of order']).toBe(2);
    expect(judge({ ...faithful, ...swapped, inOrder: false }).faults['out of order']).toBe(1);
    const byTwo = { lines: [{ ...line(3), senderId: 'bob' }, ...faithful.lines.filter(({ line: seq }) => seq !== 3)] };
    const stored = twice(change(3, { senderId: 'bob' }));
    const witnesses: Witness[] = [];
    expect(judge({ ...faithful, ...byTwo, ...stored, witnesses, inOrder: false }).violations).toEqual([]);
    expect(judge({ ...faithful, ...byTwo, ...stored, witnesses }).faults['out of order']).toBe(2);
  });

  it('says when members read different things', () => {
    const histories = new Map([
      ['ada-run forward', history],
      ['bob-run backward', change(2, { metadata: { event: 'participants_added', userIds: [] } })],
    ]);
    expect(judge({ ...faithful, histories })).toMatchObject({
      isReadAlike: false,
      violations: ['the members do not read the same conversation'],
    });
  });
});
