import type { Message } from '@parley/sdk';
import { expect, it } from 'vitest';
import { Copies, Inbox } from './inbox.js';

const message = (seq: number, content = 'hi'): Message => ({
  id: `id-${seq}`,
  conversationId: 'room',
  seq,
  rev: seq,
  senderId: 'ada',
  clientMessageId: `line-${seq}`,
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
});

it('keeps one copy of what many were told alike, and each that differs', () => {
  const copies = new Copies();
  const [ada, bob] = [new Inbox(copies), new Inbox(copies)];
  ada.receive(message(1));
  bob.receive(message(1));
  bob.receive(message(1, 'hi '));
  expect(bob.messages[0]).toBe(ada.messages[0]);
  expect(bob.messages[1]).toEqual(message(1, 'hi '));
});

it('knows when everything is there, in whatever order it came', async () => {
  const inbox = new Inbox(new Copies());
  const complete = inbox.complete(2, 4, 1_000);
  for (const seq of [4, 2, 3]) inbox.receive(message(seq));
  await expect(complete).resolves.toBe(true);
  await expect(inbox.complete(5, 4, 0)).resolves.toBe(true);
});

it('gives up on what does not come', async () => {
  const inbox = new Inbox(new Copies());
  inbox.receive(message(1));
  inbox.receive(message(3));
  await expect(inbox.complete(1, 3, 1)).resolves.toBe(false);
  await expect(inbox.entered(1, 1)).resolves.toBe(false);
});

it('hears when a conversation is shown', async () => {
  const inbox = new Inbox(new Copies());
  const entered = inbox.entered(1, 1_000);
  inbox.enter(7);
  await expect(entered).resolves.toBe(true);
  expect(inbox.entries).toEqual([7]);
});

it('tells apart what came while its owner was out', () => {
  const inbox = new Inbox(new Copies());
  inbox.receive(message(1));
  inbox.isOut = true;
  inbox.receive(message(2));
  inbox.isOut = false;
  inbox.receive(message(3));
  expect(inbox.whileOut).toEqual([message(2)]);
});
