/** What it takes to read from a server with many messages, one request at a time, as a person who opens the app does. */
import type { Conversation, MessagePage } from '@parley/protocol';
import type { Archive } from './archive.js';
import { READER_SITS_IN } from './archive-shape.js';
import { call } from './people.js';
import { seededRandom } from './random.js';
import { publish } from './results.js';
import { round, type Spread, spreadOf } from './statistics.js';

const PAGE = 50;
const WARM_UP = 200;

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Does each of them so many times, turn by turn, so that whatever disturbs the machine disturbs all of them. */
async function turnByTurn(times: number, works: readonly (() => Promise<void>)[]): Promise<Spread[]> {
  for (let turn = 0; turn < WARM_UP; turn += 1) for (const work of works) await work();
  const all = works.map((): number[] => []);
  for (let turn = 0; turn < times; turn += 1) {
    for (const [at, work] of works.entries()) all[at]?.push(await timed(work));
  }
  return all.map(spreadOf);
}

interface Depths {
  readonly messages: number;
  readonly longLength: number;
  readonly conversations: number;
  readonly first: Spread;
  readonly deep: Spread;
}

async function depthsOf(archive: Archive, pages: number): Promise<Depths> {
  const { longConversationId, longLength, messages, conversations, reader, server } = archive;
  const random = seededRandom(archive.seed);
  const read = async (query: string): Promise<void> => {
    const path = `${server.url}/messages/${longConversationId}?${query}limit=${PAGE}`;
    const { items } = await call<MessagePage>(path, reader.token);
    if (items.length !== PAGE) throw new Error(`A page of ${items.length} for "${query}".`);
  };
  const [first, deep] = await turnByTurn(pages, [
    () => read(''),
    () => read(`before=${PAGE + 1 + Math.floor(random() * (longLength - PAGE))}&`),
  ]);
  if (!first || !deep) throw new Error('Two kinds of page were expected.');
  return { messages, longLength, conversations, first, deep };
}

/** A page of history at any depth, in a database that grows tenfold meanwhile. */
export async function history(archive: Archive, { pages }: { pages: number }): Promise<void> {
  await archive.growTo(0.1);
  const small = await depthsOf(archive, pages);
  await archive.growTo(1);
  const large = await depthsOf(archive, pages);
  const ratio = round(large.deep.p99 / large.first.p99, 2);
  const growth = round(large.deep.p50 / small.deep.p50, 2);
  const verdict =
    `A page of ${PAGE} at a random depth of ${large.longLength} messages, out of ${large.messages} in the database, takes ` +
    `${large.deep.p50} ms (p99 ${large.deep.p99} ms), ${ratio} of the newest page's p99; with ten times as many messages ` +
    `and conversations it takes ${growth} of what it took (p50).`;
  const rowOf = (name: string, { messages, longLength, conversations }: Depths, spread: Spread) => [
    name,
    messages,
    longLength,
    conversations,
    ...Object.values(spread),
  ];
  publish({
    scenario: 'history',
    seed: archive.seed,
    postgres: archive.postgres.version,
    parameters: { messages: archive.messages, pages },
    verdict,
    columns: [
      'page',
      'messages in the database',
      'in the conversation',
      'other conversations',
      'p50, ms',
      'p95, ms',
      'p99, ms',
      'max, ms',
    ],
    rows: [small, large].flatMap((depths) => [
      rowOf('newest', depths, depths.first),
      rowOf('at a random depth', depths, depths.deep),
    ]),
    details: { ratio, growth, small, large, secondsToWriteArchive: round(archive.secondsToWrite) },
  });
  console.log(verdict);
}

/** The conversation list of somebody in many conversations, beside that of somebody in a tenth as many. */
export async function list(archive: Archive, { pages }: { pages: number }): Promise<void> {
  await archive.growTo(1);
  const { server, reader, lightReader } = archive;
  const page = (token: string, limit: number) => async (): Promise<void> => {
    const { items } = await call<{ items: Conversation[] }>(`${server.url}/conversations?limit=${limit}`, token);
    if (items.length !== limit) throw new Error(`A list of ${items.length} conversations.`);
  };
  const everything = async (): Promise<void> => {
    let found = 0;
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = cursor === '' ? 'limit=100' : `limit=100&cursor=${encodeURIComponent(cursor)}`;
      const next: { items: Conversation[]; nextCursor: string | null } = await call(
        `${server.url}/conversations?${query}`,
        reader.token,
      );
      found += next.items.length;
      cursor = next.nextCursor;
    }
    if (found < READER_SITS_IN) throw new Error(`Only ${found} conversations were listed.`);
  };
  const [many, few] = await turnByTurn(pages, [page(reader.token, PAGE), page(lightReader.token, PAGE)]);
  const [whole] = await turnByTurn(Math.ceil(pages / 10), [everything]);
  if (!many || !few || !whole) throw new Error('Three kinds of list were expected.');
  const ratio = round(many.p50 / few.p50, 2);
  const verdict =
    `The first ${PAGE} conversations of somebody in ${READER_SITS_IN} take ${many.p50} ms (p99 ${many.p99} ms), ${ratio} of ` +
    `what they take somebody in ${READER_SITS_IN / 10} (p50); all ${READER_SITS_IN}, page by page, ${whole.p50} ms (p99 ${whole.p99} ms).`;
  publish({
    scenario: 'list',
    seed: archive.seed,
    postgres: archive.postgres.version,
    parameters: { messages: archive.messages, pages },
    verdict,
    columns: ['list', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'],
    rows: [
      [`first ${PAGE} of ${READER_SITS_IN}`, ...Object.values(many)],
      [`first ${PAGE} of ${READER_SITS_IN / 10}`, ...Object.values(few)],
      [`all ${READER_SITS_IN}`, ...Object.values(whole)],
    ],
    details: { ratio, many, few, whole },
  });
  console.log(verdict);
}
