import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessagePage, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function pair(): Promise<{ alice: Person; bob: Person; chat: string }> {
  const alice = await app.person('alice');
  const bob = await app.person('bob');
  const { body } = await alice.call<Conversation>('POST', '/conversations', {
    type: 'direct',
    participantIds: [bob.id],
  });
  return { alice, bob, chat: body.id };
}

const texts = (page: MessagePage): (string | null)[] => page.items.map((message) => message.content);

describe('sending', () => {
  it('gives positions 1, 2, 3 and stores the text byte for byte', async () => {
    const { alice, bob, chat } = await pair();
    const odd = [
      '  spaces kept \t',
      'e\u0301 and \u00e9 differ',
      '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}',
      '<b>not html</b>',
      '\u202eright to left',
    ];
    for (const content of odd) {
      const { status } = await alice.call('POST', '/messages', { conversationId: chat, content });
      expect(status).toBe(201);
    }
    const { body } = await bob.call<MessagePage>('GET', `/messages/${chat}`);
    expect(texts(body)).toEqual(odd);
    expect(body.items.map((message) => message.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(body.items.map((message) => message.rev)).toEqual([1, 2, 3, 4, 5]);
  });

  it('stores one message of twenty parallel sends under one client message id', async () => {
    const { alice, chat } = await pair();
    const clientMessageId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        alice.call<Message>('POST', '/messages', { conversationId: chat, clientMessageId, content: `try ${index}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const { body } = await alice.call<MessagePage>('GET', `/messages/${chat}`);
    expect(body.items).toHaveLength(1);
  });

  it('keeps the positions dense when repeats and strangers are mixed into the stream', async () => {
    const { alice, bob, chat } = await pair();
    const stranger = await app.person('mallory');
    const sends = Array.from({ length: 60 }, (_, index) => {
      const sender = [alice, bob, stranger][index % 3] ?? alice;
      return sender.call<Message & Problem>('POST', '/messages', {
        conversationId: chat,
        clientMessageId: `key-${index % 30}`,
        content: `message ${index}`,
      });
    });
    const answers = await Promise.all(sends);
    expect(answers.filter((_, index) => index % 3 === 2).every(({ status }) => status === 404)).toBe(true);
    const { body } = await alice.call<MessagePage>('GET', `/messages/${chat}?limit=100`);
    expect(body.items.map((message) => message.seq)).toEqual(body.items.map((_, index) => index + 1));
    const keys = body.items.map((message) => `${message.senderId} ${message.clientMessageId}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(20);
  });

  it('answers a stranger exactly as it answers about what does not exist', async () => {
    const { chat } = await pair();
    const stranger = await app.person('mallory');
    const send = (conversationId: string) =>
      stranger.call<Problem>('POST', '/messages', { conversationId, content: 'x' });
    const [foreign, unknown] = await Promise.all([send(chat), send(randomUUID())]);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  });

  it.each([
    ['a NUL character', { content: 'a\u0000b' }, 'content'],
    ['a lone surrogate', { content: 'a\ud800b' }, 'content'],
    ['no text', { content: '' }, 'content'],
    ['a text of spaces and empty lines', { content: ' \n\t\u00a0' }, 'content'],
    ['a text that nobody sees', { content: '\u200b\u3164\u202e' }, 'content'],
    ['a text over the limit', { content: 'x'.repeat(16_385) }, 'content'],
    ['null for text', { content: null }, 'content'],
    ['an unknown key', { content: 'x', colour: 'red' }, 'colour'],
    ['a NUL in metadata', { content: 'x', metadata: { a: ['\u0000'] } }, 'metadata'],
    ['too much metadata', { content: 'x', metadata: { a: 'x'.repeat(9_000) } }, 'metadata'],
    ['a system message', { content: 'x', messageType: 'system' }, 'messageType'],
  ])('refuses %s and names where', async (_, input, path) => {
    const { alice, chat } = await pair();
    const { status, body } = await alice.call<Problem>('POST', '/messages', { conversationId: chat, ...input });
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
    const { body: page } = await alice.call<MessagePage>('GET', `/messages/${chat}`);
    expect(page.items).toEqual([]);
  });
});

describe('a message that is more than text', () => {
  it.each<[string, object]>([
    ['location', { latitude: 21.0285, longitude: 105.8542, accuracy: 12, name: 'Hoàn Kiếm' }],
    ['contact', { name: 'Bob', phones: ['+84901234567'], emails: ['bob@example.com'] }],
    ['link', { url: 'https://example.org/a?b=c', title: 'A', description: 'B' }],
  ])('is stored as it is sent (%s), with a caption or without', async (messageType, metadata) => {
    const { alice, bob, chat } = await pair();
    const input = { conversationId: chat, messageType, metadata };
    const bare = await alice.call<Message>('POST', '/messages', input);
    const captioned = await alice.call<Message>('POST', '/messages', { ...input, content: 'look' });
    expect(bare).toMatchObject({ status: 201, body: { messageType, metadata, content: null } });
    expect(captioned).toMatchObject({ status: 201, body: { messageType, metadata, content: 'look' } });
    expect((await bob.call<MessagePage>('GET', `/messages/${chat}`)).body.items).toEqual([bare.body, captioned.body]);
  });

  it.each<[string, string, object, string]>([
    ['a place beyond the pole', 'location', { latitude: 91, longitude: 0 }, 'metadata.latitude'],
    ['half a place', 'location', { latitude: 1 }, 'metadata.longitude'],
    ['a contact without an address', 'contact', { name: 'Bob' }, 'metadata'],
    ['a link that is a script', 'link', { url: 'javascript:alert(1)' }, 'metadata.url'],
    ['a poll with one choice', 'poll', { question: 'Q', options: ['a'] }, 'metadata.options'],
    ['a poll with the same choice twice', 'poll', { question: 'Q', options: ['a', 'a'] }, 'metadata.options'],
    ['a field nobody knows', 'poll', { question: 'Q', options: ['a', 'b'], colour: 'red' }, 'metadata'],
  ])('is refused when it is %s', async (_, messageType, metadata, path) => {
    const { alice, chat } = await pair();
    const { status, body } = await alice.call<Problem>('POST', '/messages', {
      conversationId: chat,
      messageType,
      metadata,
    });
    expect(status).toBe(400);
    expect([...new Set(body.errors?.map((error) => error.path))]).toEqual([path]);
  });
});

describe('history', () => {
  it('pages forwards, backwards and around, with the same messages every way', async () => {
    const { alice, chat } = await pair();
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        alice.call('POST', '/messages', { conversationId: chat, content: `${index}` }),
      ),
    );
    const page = async (query: string) => (await alice.call<MessagePage>('GET', `/messages/${chat}?${query}`)).body;
    const seqs = ({ items }: MessagePage) => items.map(({ seq }) => seq);

    expect(seqs(await page('limit=3'))).toEqual([23, 24, 25]);
    expect(await page('limit=3')).toMatchObject({ hasMoreBefore: true, hasMoreAfter: false });
    expect(seqs(await page('limit=3&before=23'))).toEqual([20, 21, 22]);
    expect(await page('limit=3&before=23')).toMatchObject({ hasMoreBefore: true, hasMoreAfter: true });
    expect(seqs(await page('limit=3&after=0'))).toEqual([1, 2, 3]);
    expect(await page('limit=3&after=0')).toMatchObject({ hasMoreBefore: false, hasMoreAfter: true });
    expect(seqs(await page('limit=3&around=10'))).toEqual([9, 10, 11]);
    expect(seqs(await page('limit=5&around=25'))).toEqual([21, 22, 23, 24, 25]);
    expect(seqs(await page('limit=5&around=1'))).toEqual([1, 2, 3, 4, 5]);
    expect(await page('after=25')).toEqual({ items: [], hasMoreBefore: true, hasMoreAfter: false });
    expect(await page('before=1')).toEqual({ items: [], hasMoreBefore: false, hasMoreAfter: true });
    expect(await page('after=99')).toEqual({ items: [], hasMoreBefore: true, hasMoreAfter: false });
    expect((await alice.call('GET', `/messages/${chat}?before=5&after=1`)).status).toBe(400);
    expect((await alice.call('GET', `/messages/${chat}?limit=101`)).status).toBe(400);
    expect((await alice.call('GET', `/messages/not-an-id`)).status).toBe(400);
  });
});
