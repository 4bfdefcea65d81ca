/** One replay, from the first registration to the report. */
import type { Message, Parley } from '@parley/sdk';
import { type Cast, castOf } from './cast.js';
import { type Company, gather } from './company.js';
import { type IrcEvent, parseIrcLog } from './irc-log.js';
import { readLogFile } from './log-file.js';
import { type ReplayOptions, UsageError } from './options.js';
import { timesOf } from './pacing.js';
import { Patience } from './patience.js';
import { Progress } from './progress.js';
import { everyoneHasHeard, readByMany, stayersOf, witnessesOf } from './reading.js';
import { replay } from './replay.js';
import { type Facts, reportOf } from './report.js';
import { type DemoServer, findOrStartServer } from './server.js';
import { Stopwatch } from './stopwatch.js';
import { judge, type Line } from './verdict.js';

const TASTE = 6;
const DEFAULT_COLUMNS = 100;

const tell = (text: string): void => void process.stdout.write(`  ${text}\n`);

/** Replays, reports, and says whether everything arrived. */
export async function runDemo(options: ReplayOptions, interrupt: AbortSignal): Promise<boolean> {
  const log = await readLogFile(options.log);
  if (!log.isUtf8) tell(`${log.name} is not all UTF-8: bytes that are no character are sent as U+FFFD.`);
  const events = parseIrcLog(log.text);
  const cast = castOf(events);
  if (cast.steps.length === 0) throw new UsageError(`Nobody says anything in ${log.name}. Is it a raw IRC log?`);

  const server = await findOrStartServer(options.url, tell);
  const run = new Run(options, { name: log.name, events, cast }, server, interrupt);
  try {
    const facts = await run.perform();
    process.stdout.write(reportOf(facts, process.stdout.columns ?? DEFAULT_COLUMNS));
    if (options.isOpen) await leaveOpen(run, server, interrupt);
    return facts.verdict.violations.length === 0;
  } catch (error) {
    if (!interrupt.aborted) process.stderr.write(server.complaints());
    throw error;
  } finally {
    run.end();
    await server.close();
  }
}

/** Tells how to look at the room, and keeps a server of our own until it is no longer wanted. */
async function leaveOpen(run: Run, server: DemoServer, interrupt: AbortSignal): Promise<void> {
  const { host, conversationId } = run.room;
  tell(`Open ${server.url}/app/c/${conversationId}`);
  tell(`and sign in as ${host.username} with ${host.password}\n`);
  if (!server.isOwn) return;
  tell('The server runs until Ctrl-C, and leaves nothing behind.');
  // Looked at by people, nobody counts what arrives any more.
  run.end();
  await new Promise<void>((resolve) => {
    for (const signal of [interrupt, server.gone]) {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}

interface Log {
  readonly name: string;
  readonly events: readonly IrcEvent[];
  readonly cast: Cast;
}

class Run {
  readonly #clients: Parley[] = [];
  readonly #stopwatch = new Stopwatch();
  readonly #troubles: string[] = [];
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  #company: Company | undefined;

  constructor(
    private readonly options: ReplayOptions,
    private readonly log: Log,
    private readonly server: DemoServer,
    interrupt: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([interrupt, server.gone, this.#over.signal]);
    this.#patience = new Patience(tell, this.#signal);
  }

  async perform(): Promise<Facts> {
    this.#signal.throwIfAborted();
    const company = await this.#gather();
    const lines = await this.#play(company);
    const stayers = stayersOf(this.log.cast, company);
    const { lastSeq } = await this.#patience.call(() => company.host.client.conversations.get(company.conversationId));
    await everyoneHasHeard(stayers, lastSeq);
    const histories = await readByMany(stayers, company.conversationId, this.#patience);
    return this.#facts(company, lines, histories);
  }

  /** The room, once the replay has begun. */
  get room(): Company {
    if (!this.#company) throw new Error('Nobody is there yet.');
    return this.#company;
  }

  /** Also for those who are still at something after another has failed. */
  end(): void {
    this.#over.abort();
    for (const client of this.#clients) client.disconnect();
  }

  async #gather(): Promise<Company> {
    const { cast, name } = this.log;
    const progress = new Progress('people', cast.people.length + 1);
    const company = await gather({
      url: this.server.url,
      name,
      people: cast.people,
      patience: this.#patience,
      signal: this.#signal,
      clients: this.#clients,
      onHeard: (userId, message) => this.#stopwatch.heard(userId, message),
      onLost: (username, reason) => this.#troubles.push(`the connection of ${username} was lost: ${reason}`),
      onGathered: (count) => progress.update(count),
    });
    progress.clear();
    this.#company = company;
    return company;
  }

  async #play(company: Company): Promise<Line[]> {
    const { cast, events } = this.log;
    const { speed, inOrder } = this.options;
    const progress = new Progress('lines ', cast.steps.length);
    const { lines, troubles } = await replay({
      steps: cast.steps,
      times: speed === null ? null : timesOf(events).map((ms) => ms / speed),
      inOrder,
      company,
      patience: this.#patience,
      stopwatch: this.#stopwatch,
      signal: this.#signal,
      onDone: (count) => progress.update(count, `${Math.round(this.#stopwatch.rate())} messages/s`),
    });
    progress.clear();
    this.#troubles.push(...troubles);
    return lines;
  }

  #facts(company: Company, lines: readonly Line[], histories: ReadonlyMap<string, readonly Message[]>): Facts {
    const { name, cast, events } = this.log;
    const { inOrder } = this.options;
    const witnesses = witnessesOf(company);
    const verdict = judge({ lines, histories, witnesses, inOrder, troubles: this.#troubles });
    const [history = []] = histories.values();
    const steps = { join: 0, leave: 0, rename: 0, say: 0 };
    for (const { kind } of cast.steps) steps[kind] += 1;
    return {
      log: name,
      server: this.server.description,
      pace: paceOf(this.options),
      people: cast.people.length,
      starters: cast.people.filter(({ isThereAtStart }) => isThereAtStart).length,
      steps,
      emptyLines: cast.emptyLines,
      otherLines: cast.otherLines,
      allLines: events.length,
      acked: lines.filter(({ acked }) => acked).length,
      live: witnesses.map(({ live }) => live.length),
      late: witnesses.reduce((sum, { live }) => sum + countLate(live), 0),
      readers: histories.size / 2,
      stored: history.length,
      timing: this.#stopwatch.read(),
      verdict,
      taste: tasteOf(history, lines),
    };
  }
}

function paceOf({ speed, inOrder }: ReplayOptions): string {
  const pace = speed === null ? 'as fast as the server takes it' : `${speed} times the log's own`;
  return inOrder ? `${pace}, one line after the other` : pace;
}

/** Messages that came after one of a later position. */
function countLate(live: readonly Message[]): number {
  let last = 0;
  let late = 0;
  for (const { seq } of live) {
    if (seq < last) late += 1;
    last = Math.max(last, seq);
  }
  return late;
}

function tasteOf(history: readonly Message[], lines: readonly Line[]): Facts['taste'] {
  const nicks = new Map(lines.map(({ clientMessageId, nick }) => [clientMessageId, nick]));
  return history
    .filter(({ messageType }) => messageType === 'text')
    .slice(-TASTE)
    .map((message) => ({ name: nicks.get(message.clientMessageId ?? '') ?? '?', message }));
}
