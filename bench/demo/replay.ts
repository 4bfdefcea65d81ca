/** Plays the steps of a cast with its people, as fast as asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ParleyError } from '@parley/sdk';
import type { Step } from './cast.js';
import type { Company, Player } from './company.js';
import { Lane } from './lane.js';
import type { Patience } from './patience.js';
import type { Stopwatch } from './stopwatch.js';
import type { Line } from './verdict.js';
import { Window } from './window.js';

export interface Play {
  readonly steps: readonly Step[];
  /** When each line of the log is due, in ms from the start; null is as soon as there is room. */
  readonly times: readonly number[] | null;
  readonly inOrder: boolean;
  readonly company: Company;
  readonly patience: Patience;
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal;
  readonly onDone: (count: number) => void;
}

/** Steps under way over all people: enough to keep the server busy, and more would only queue there. */
const WINDOW = 64;
/** People let in, out or renamed at once: they queue for the one conversation, and each keeps a connection busy. */
const CHANGES = 8;
/** How long to wait for what must be on its way already. */
export const LIVE_PATIENCE = 15_000;

/** What was sent, in the order of sending, and what went wrong; throws when going on makes no sense. */
export async function replay(play: Play): Promise<{ lines: Line[]; troubles: string[] }> {
  const stage = new Stage(play);
  await stage.run();
  return stage;
}

class Stage {
  readonly lines: Line[] = [];
  readonly troubles: string[] = [];
  readonly #lanes = new Map<number, Lane>();
  readonly #window = new Window(WINDOW);
  readonly #changes = new Window(CHANGES);
  #done = 0;
  #failure: Error | null = null;

  constructor(private readonly play: Play) {}

  async run(): Promise<void> {
    const { steps, inOrder } = this.play;
    const startedAt = performance.now();
    const running: Promise<void>[] = [];
    for (const step of steps) {
      await this.#due(step, startedAt);
      await this.#unlessAborted(this.#window.enter());
      this.#assertGoing();
      const done = this.#start(step)
        .catch((error: unknown) => void (this.#failure ??= error instanceof Error ? error : new Error(String(error))))
        .finally(() => {
          this.#window.leave();
          this.play.onDone((this.#done += 1));
        });
      running.push(done);
      if (inOrder) await this.#unlessAborted(done);
    }
    await this.#unlessAborted(Promise.all(running));
    this.#assertGoing();
  }

  async #due({ line }: Step, startedAt: number): Promise<void> {
    const wait = startedAt + (this.play.times?.[line - 1] ?? 0) - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal: this.play.signal });
  }

  /** A client goes on for as long as it takes, also without a server; the person at the keyboard need not. */
  #unlessAborted<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.play;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  #assertGoing(): void {
    this.play.signal.throwIfAborted();
    if (this.#failure) throw this.#failure;
  }

  #start(step: Step): Promise<void> {
    const { company, patience } = this.play;
    const player = company.players[step.person];
    if (!player) throw new Error(`Nobody is number ${step.person}.`);
    const lane = this.#laneOf(step.person);
    switch (step.kind) {
      case 'say':
        return lane.overlapping(() => this.#say(player, step));
      case 'join':
        return lane.alone(() => this.#change(() => this.#letIn(player)));
      case 'leave':
        return lane.alone(() => this.#change(() => this.#letOut(player)));
      case 'rename':
        return lane.alone(() =>
          this.#change(() => patience.call(() => player.client.users.updateProfile({ firstName: step.to }))),
        );
    }
  }

  #laneOf(person: number): Lane {
    const lane = this.#lanes.get(person) ?? new Lane();
    this.#lanes.set(person, lane);
    return lane;
  }

  async #say(player: Player, step: Extract<Step, { kind: 'say' }>): Promise<void> {
    const { stopwatch, company } = this.play;
    const { line, nick, text, isAction } = step;
    const clientMessageId = `line-${line}`;
    const attempt = { line, nick, isAction, content: text, senderId: player.userId, clientMessageId };
    const place = this.lines.push({ ...attempt, acked: null }) - 1;
    stopwatch.sent(clientMessageId);
    try {
      const metadata = isAction ? { action: true } : undefined;
      const options = { clientMessageId, ...(metadata && { metadata }) };
      const { id, seq } = await player.client.messages.send(company.conversationId, text, options);
      stopwatch.acked(clientMessageId);
      this.lines[place] = { ...attempt, acked: { id, seq } };
    } catch (error) {
      if (!(error instanceof ParleyError) || this.play.signal.aborted) throw error;
      // One line that is refused is told; the others are still worth sending.
      this.troubles.push(`line ${line} by ${nick} was refused: ${error.code} (${error.message})`);
    }
  }

  async #letIn({ inbox, userId, username }: Player): Promise<void> {
    const { company, patience } = this.play;
    const entries = inbox.entries.length;
    inbox.isOut = false;
    await patience.call(() => company.host.client.conversations.add(company.conversationId, [userId]));
    if (!(await inbox.entered(entries + 1, LIVE_PATIENCE))) {
      this.troubles.push(`${username} was let in and never shown the conversation`);
    }
  }

  async #letOut({ inbox, client }: Player): Promise<void> {
    inbox.isOut = true;
    await this.play.patience.call(() => client.conversations.leave(this.play.company.conversationId));
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    await this.#changes.enter();
    try {
      await work();
    } finally {
      this.#changes.leave();
    }
  }
}
