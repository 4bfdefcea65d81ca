/** What a person who was away gets in one go: `POST /sync` after so many new messages in so many conversations. */
import type { Message } from '@parley/protocol';
import type { Archive } from './archive.js';
import { READER_SITS_IN } from './archive-shape.js';
import { call } from './people.js';
import { publish } from './results.js';
import { round, spreadOf } from './statistics.js';

interface Cursor {
  readonly seq: number;
  readonly rev: number;
}

interface SyncRequest {
  readonly inboxRev?: number;
  readonly conversations: Readonly<Record<string, Cursor>>;
}

/** Of the answer, what this client needs. */
interface SyncAnswer {
  readonly inboxRev: number;
  readonly conversations: readonly { readonly id: string; readonly lastSeq: number; readonly rev: number }[];
  readonly messages: Readonly<
    Record<string, Cursor & { readonly items: readonly Message[]; readonly hasMore: boolean }>
  >;
  readonly more: boolean;
}

const WARM_UP = 20;

/** What a client knows, and what came while it caught up. */
interface CaughtUp {
  readonly state: Required<SyncRequest>;
  readonly messages: number;
  readonly requests: number;
}

/** Asks until there is no more, as a client does. */
async function catchUp(url: string, token: string, from: SyncRequest): Promise<CaughtUp> {
  let inboxRev = from.inboxRev;
  const conversations: Record<string, Cursor> = { ...from.conversations };
  for (let requests = 1, messages = 0; ; requests += 1) {
    const request: SyncRequest = { ...(inboxRev !== undefined && { inboxRev }), conversations };
    const answer = await call<SyncAnswer>(`${url}/sync`, token, request);
    ({ inboxRev } = answer);
    let isWhole = !answer.more;
    // What is new to the client starts where it ends now; what lies before is history.
    for (const { id, lastSeq, rev } of answer.conversations) conversations[id] ??= { seq: lastSeq, rev };
    for (const [id, { items, seq, rev, hasMore }] of Object.entries(answer.messages)) {
      conversations[id] = { seq, rev };
      messages += items.length;
      isWhole &&= !hasMore;
    }
    if (isWhole) return { state: { inboxRev, conversations }, messages, requests };
  }
}

/** The same reconnect many times over: the reader comes back with what they knew before the new messages. */
export async function sync(archive: Archive, { times, news }: { times: number; news: number }): Promise<void> {
  await archive.growTo(1);
  const { server, reader } = archive;
  const known = await catchUp(server.url, reader.token, { conversations: {} });
  const quiet = { news: 0, ...(await measure(archive, known, 0, times)) };
  await archive.writeNews(news);
  const busy = { news, ...(await measure(archive, known, news, times)) };
  const verdict =
    `After a reconnect somebody in ${READER_SITS_IN} conversations has all of ${news} new messages in ${busy.ms.p50} ms ` +
    `(p99 ${busy.ms.p99} ms); with nothing new it takes ${quiet.ms.p50} ms (p99 ${quiet.ms.p99} ms).`;
  publish({
    scenario: 'sync',
    seed: archive.seed,
    postgres: archive.postgres.version,
    parameters: { messages: archive.messages, times, news },
    verdict,
    columns: ['new messages', 'requests', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'],
    rows: [quiet, busy].map((run) => [run.news, run.requests, ...Object.values(run.ms)]),
    details: { quiet, busy, ratio: round(busy.ms.p99 / quiet.ms.p99, 2) },
  });
  console.log(verdict);
}

async function measure({ server, reader }: Archive, { state }: CaughtUp, news: number, times: number) {
  const ms: number[] = [];
  let requests = 0;
  for (let time = 0; time < WARM_UP + times; time += 1) {
    const startedAt = performance.now();
    const caughtUp = await catchUp(server.url, reader.token, state);
    ms.push(performance.now() - startedAt);
    if (caughtUp.messages !== news) throw new Error(`${caughtUp.messages} messages came instead of ${news}.`);
    ({ requests } = caughtUp);
  }
  return { requests, ms: spreadOf(ms.slice(WARM_UP)) };
}
