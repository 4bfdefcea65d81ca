import type { Conversation, MessagePage, SyncRequest, SyncResult } from '@parley/protocol';
import type { Call } from '../api/call.js';
import { backoff, type BackoffOptions } from '../backoff.js';
import { ParleyError } from '../errors.js';
import { isBehind } from './conversation.js';
import type { StoreAction } from './reduce.js';
import type { StoreState } from './state.js';

/** Runs something later; the returned function calls it off. */
export type Schedule = (work: () => void, ms: number) => () => void;

interface Parts {
  readonly call: Call;
  readonly getState: () => StoreState;
  readonly dispatch: (action: StoreAction) => void;
  readonly schedule: Schedule;
  readonly backoff: BackoffOptions;
}

/** How long what is missing may still come by itself, in ms: events of several servers overtake one another. */
const GAP = 1_000;
/** How long conversations gather whose counts have to be read, in ms. */
const GATHER = 100;

/**
 * Keeps the store complete: asks the server for what was missed whenever something may have been. One request is open at
 * a time, and what is wanted meanwhile is asked for after it.
 */
export class SyncEngine {
  #running: Promise<void> | undefined;
  #isWanted = false;
  #cancelGap: (() => void) | undefined;
  #cancelCounts: (() => void) | undefined;
  #wake: (() => void) | undefined;
  /** Another one after each stop: what was asked before is nobody's business any more when it is answered. */
  #round = {};

  constructor(private readonly parts: Parts) {}

  /** Resolves once the store has everything that had happened when this was called. */
  sync(): Promise<void> {
    this.#isWanted = true;
    // Whoever waits for the next attempt need not wait longer: something has changed.
    this.#wake?.();
    return this.#run();
  }

  /** Gives up what is waited for and what is planned. */
  stop(): void {
    this.#round = {};
    this.#running = undefined;
    this.#isWanted = false;
    this.#cancelGap?.();
    this.#cancelCounts?.();
    this.#cancelGap = this.#cancelCounts = undefined;
    this.#wake?.();
  }

  /** Something was told of a conversation: looks for what is missing now. */
  heardOf(conversationId: string): void {
    const state = this.parts.getState();
    const held = state.conversations.get(conversationId);
    if (!held) {
      if (state.isLoaded || this.#running) this.#soon(this.sync());
      return;
    }
    if (isBehind(held) || state.inbox.ahead.size > 0) this.#watchGap();
    if (held.ledger.recount > 0) this.#countSoon();
  }

  #watchGap(): void {
    this.#cancelGap ??= this.parts.schedule(() => {
      this.#cancelGap = undefined;
      const { conversations, inbox } = this.parts.getState();
      if (inbox.ahead.size > 0 || [...conversations.values()].some(isBehind)) this.#soon(this.sync());
    }, GAP);
  }

  #countSoon(): void {
    this.#cancelCounts ??= this.parts.schedule(() => {
      this.#cancelCounts = undefined;
      this.#soon(this.#run());
    }, GATHER);
  }

  /** What fails here shows in the connection, which leads to the next attempt. */
  #soon(work: Promise<void>): void {
    work.catch(() => undefined);
  }

  #run(): Promise<void> {
    const round = this.#round;
    this.#running ??= this.#work(round).finally(() => {
      if (round === this.#round) this.#running = undefined;
    });
    return this.#running;
  }

  async #work(round: object): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        while (this.#isWanted) {
          this.#isWanted = false;
          await this.#syncOnce(round);
          attempt = 0;
        }
        await this.#count(round);
        await this.#readStale(round);
        if (!this.#isWanted) return;
      } catch (thrown) {
        if (round !== this.#round) throw thrown;
        const error = thrown instanceof ParleyError ? thrown : new ParleyError('unreachable', String(thrown));
        if (!error.retryable) throw error;
        this.#isWanted = true;
        await this.#pause(error.retryAfterMs ?? backoff(attempt, this.parts.backoff));
      }
      this.#goOn(round);
    }
  }

  #goOn(round: object): void {
    if (round !== this.#round) throw new ParleyError('closed', 'The store was stopped');
  }

  async #syncOnce(round: object): Promise<void> {
    const { getState, dispatch, call } = this.parts;
    try {
      const result = await call<SyncResult>({ method: 'POST', path: '/sync', body: requestOf(getState()) });
      this.#goOn(round);
      dispatch({ type: 'synced', result });
      // Where a conversation has begun anew, events told meanwhile are gone with what was there before.
      if (result.more || result.resync.length > 0) this.#isWanted = true;
    } catch (error) {
      this.#goOn(round);
      if (!(error instanceof ParleyError) || error.code !== 'resync_required') throw error;
      dispatch({ type: 'reset', userId: getState().userId });
      this.#isWanted = true;
    }
  }

  /** Has the server count where that cannot be done here. */
  async #count(round: object): Promise<void> {
    const { getState, dispatch, call } = this.parts;
    for (const [id, { ledger }] of getState().conversations) {
      if (ledger.recount === 0) continue;
      const { recount } = ledger;
      try {
        const conversation = await call<Conversation>({ method: 'GET', path: `/conversations/${id}` });
        this.#goOn(round);
        dispatch({ type: 'recounted', conversation, recount });
        this.heardOf(id);
      } catch (error) {
        this.#goOn(round);
        if (!(error instanceof ParleyError) || error.code !== 'not_found') throw error;
        this.#isWanted = true;
      }
    }
  }

  /** Reads replies again whose quote cannot be known here. */
  async #readStale(round: object): Promise<void> {
    const { getState, dispatch, call } = this.parts;
    for (const [id, { ledger }] of getState().conversations) {
      const { since } = ledger;
      for (const around of ledger.stale) {
        const path = `/messages/${id}`;
        const { items } = await call<MessagePage>({ method: 'GET', path, query: { around, limit: 1 } });
        this.#goOn(round);
        dispatch({ type: 'loaded', conversationId: id, since, items });
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.parts.schedule(resolve, ms);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** What the store has, as a sync asks. */
const requestOf = ({ isLoaded, inbox, conversations }: StoreState): SyncRequest => ({
  ...(isLoaded && { inboxRev: inbox.rev }),
  conversations: Object.fromEntries(
    [...conversations].map(([id, { ledger }]) => [id, { seq: ledger.progress.seq, rev: ledger.progress.rev }]),
  ),
});
