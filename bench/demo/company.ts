/** The people of a replay as the server knows them: registered, connected, in one group. */
import { randomBytes, randomUUID } from 'node:crypto';
import { ADD_LIMIT } from '@parley/protocol';
import { type Message, Parley } from '@parley/sdk';
import { concurrently } from '../src/concurrently.js';
import type { Person } from './cast.js';
import { Copies, Inbox } from './inbox.js';
import type { Patience } from './patience.js';
import { usernamesFor } from './usernames.js';

export interface Player {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly client: Parley;
  readonly inbox: Inbox;
  readonly isFromStart: boolean;
}

export interface Company {
  readonly host: Player;
  /** In the order of the cast. */
  readonly players: readonly Player[];
  readonly conversationId: string;
}

export interface Gathering {
  readonly url: string;
  readonly name: string;
  readonly people: readonly Person[];
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Every client that was made, so that whoever gives up can close them. */
  readonly clients: Parley[];
  readonly onHeard: (userId: string, message: Message) => void;
  readonly onLost: (username: string, reason: string) => void;
  readonly onGathered: (count: number) => void;
}

const HOST = 'Parley demo';
/** Hashing passwords takes all cores as it is. */
const AT_A_TIME = 8;

export async function gather(gathering: Gathering): Promise<Company> {
  const { people, patience, name } = gathering;
  const run = randomBytes(3).toString('hex');
  const names = [HOST, ...people.map(({ nick }) => nick)];
  const usernames = usernamesFor(names, run);
  const copies = new Copies();
  let count = 0;
  const [host, ...players] = await concurrently(names, AT_A_TIME, async (firstName, index) => {
    const isFromStart = index === 0 || people[index - 1]?.isThereAtStart === true;
    const account = { firstName, username: usernames[index] ?? '', isFromStart };
    const player = await bringIn(account, new Inbox(copies), gathering);
    gathering.onGathered((count += 1));
    return player;
  });
  if (!host) throw new Error('There is always a host.');

  const starters = players.filter(({ isFromStart }) => isFromStart).map(({ userId }) => userId);
  const participantIds = starters.slice(0, ADD_LIMIT);
  const { id } = await patience.call(() => host.client.conversations.create({ type: 'group', name, participantIds }));
  for (let at = ADD_LIMIT; at < starters.length; at += ADD_LIMIT) {
    await patience.call(() => host.client.conversations.add(id, starters.slice(at, at + ADD_LIMIT)));
  }
  const first = new Set(participantIds);
  // Those who came in a later batch are let in like anybody else who joins.
  const seated = players.map((player) => ({ ...player, isFromStart: first.has(player.userId) }));
  return { host, players: seated, conversationId: id };
}

type Account = Pick<Player, 'username' | 'isFromStart'> & { readonly firstName: string };

async function bringIn(account: Account, inbox: Inbox, gathering: Gathering): Promise<Player> {
  const { username, firstName, isFromStart } = account;
  const client = new Parley({ url: gathering.url });
  const password = randomUUID();
  gathering.clients.push(client);
  const { id: userId } = await gathering.patience.call(() =>
    client.auth.register({
      username,
      email: `${username}@demo.example.org`,
      password,
      firstName,
      lastName: '',
    }),
  );
  // When somebody else failed meanwhile all is over, and a client that connects now would go on for ever.
  gathering.signal.throwIfAborted();
  client.on('new_message', (message) => {
    gathering.onHeard(userId, message);
    inbox.receive(message);
  });
  client.on('conversation_updated', ({ lastSeq }) => inbox.enter(lastSeq));
  await client.connect();
  // Closing it ourselves is no loss: that goes to 'disconnected' without an error.
  client.on('state', ({ state, reason, error }) => {
    if (state === 'connecting' || error) gathering.onLost(username, reason);
  });
  return { username, password, userId, client, inbox, isFromStart };
}
