/** Two people and their conversation in one terminal. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Parley } from '@parley/sdk';
import { ChatSide, type ChatPerson } from './chat-side.js';
import { drawChat } from './chat-view.js';
import { edit, type Key } from './line-editor.js';
import { UsageError } from './options.js';
import { Patience } from './patience.js';
import { Screen } from './screen.js';
import { findOrStartServer } from './server.js';
import { usernamesFor } from './usernames.js';

const NAMES = ['Linh', 'Mateo'] as const;

const tell = (text: string): void => void process.stdout.write(`  ${text}\n`);

/** Runs until Ctrl-C; throws a `UsageError` where there is no terminal. */
export async function chat(url: string, interrupt: AbortSignal): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new UsageError('--interactive needs a terminal.');
  const server = await findOrStartServer(url, tell);
  const people: ChatPerson[] = [];
  const stop = AbortSignal.any([interrupt, server.gone]);
  try {
    stop.throwIfAborted();
    const [left, right] = await bringInBoth(server.url, people, stop);
    const { id } = await left.client.conversations.direct(right.userId);
    await talk([left, right], id, stop);
  } finally {
    for (const { client } of people) client.disconnect();
    await server.close();
  }
}

async function bringInBoth(url: string, people: ChatPerson[], signal: AbortSignal): Promise<[ChatPerson, ChatPerson]> {
  const patience = new Patience(tell, signal);
  const usernames = usernamesFor(NAMES, randomBytes(3).toString('hex'));
  const bringIn = async (place: 0 | 1): Promise<ChatPerson> => {
    const username = usernames[place] ?? '';
    const account = { username, email: `${username}@demo.example.org`, password: randomUUID() };
    const client = new Parley({ url });
    const names = { firstName: NAMES[place], lastName: '' };
    const { id: userId } = await patience.call(() => client.auth.register({ ...account, ...names }));
    const person = { name: NAMES[place], userId, client };
    people.push(person);
    await client.connect();
    return person;
  };
  return [await bringIn(0), await bringIn(1)];
}

/** Resolves when the person at the keyboard has had enough; rejects when it cannot go on. */
async function talk(
  people: readonly [ChatPerson, ChatPerson],
  conversationId: string,
  stop: AbortSignal,
): Promise<void> {
  let active: 0 | 1 = 0;
  let isPasting = false;
  let end = (): void => undefined;
  const paint = (): void => screen.paint(drawChat([sides[0].view(), sides[1].view()], screen.size));
  const sides = [
    new ChatSide(people[0], conversationId, paint),
    new ChatSide(people[1], conversationId, paint),
  ] as const;

  const onKey = (key: Key): void => {
    const side = sides[active];
    const isBreak = key.name === 'return' || key.name === 'enter' || key.name === 'tab';
    if (key.ctrl === true && (key.name === 'c' || key.name === 'd')) return end();
    if (key.name === 'paste-start' || key.name === 'paste-end') isPasting = key.name === 'paste-start';
    // A pasted text is one line, and sends nothing by itself.
    else if (isBreak && isPasting) side.draft = edit(side.draft, { sequence: ' ' });
    else if (key.name === 'tab') {
      active = active === 0 ? 1 : 0;
      for (const [place, each] of sides.entries()) each.activate(place === active);
    } else if (isBreak) void side.send();
    else side.draft = edit(side.draft, key);
    paint();
  };

  const done = new Promise<void>((resolve, reject) => {
    end = resolve;
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
  });
  const screen = new Screen(process.stdin, process.stdout, { onKey, onResize: paint });
  try {
    sides[0].activate(true);
    paint();
    await done;
  } finally {
    screen.close();
  }
}
