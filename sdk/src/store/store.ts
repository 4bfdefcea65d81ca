import type { Conversation, MessagePage, Page, Profile } from '@parley/protocol';
import type { Call } from '../api/call.js';
import { outgoing, type SendOptions } from '../api/messages.js';
import type { BackoffOptions } from '../backoff.js';
import type { StoreCache } from '../cache/cache.js';
import { Keeper } from '../cache/keeper.js';
import type { Connection } from '../connection.js';
import { DeliveryMarks } from '../live/delivery.js';
import { Screens } from '../live/screens.js';
import { Outbox } from '../outbox/outbox.js';
import type { OutboxStorage } from '../outbox/storage.js';
import { ParleyError } from '../errors.js';
import type { Sender } from '../sender.js';
import type { ConversationState } from './conversation.js';
import { type EventAction, reduce, STORE_EVENTS, type StoreAction } from './reduce.js';
import { stretchOf } from './selectors.js';
import { emptyState, type OutboxEntry, type StoreState } from './state.js';
import { type Schedule, SyncEngine } from './sync-engine.js';

interface Parts {
  readonly call: Call;
  readonly connection: Connection;
  readonly sender: Sender;
  readonly outbox: OutboxStorage;
  readonly cache: StoreCache | undefined;
  readonly backoff: BackoffOptions;
  readonly marksDelivered: boolean;
  readonly schedule: Schedule;
}

const PAGE = 50;
/** Of a conversation that is not on screen no more messages than this are held, and then only the newest. */
const MOST_UNSEEN = 1_000;
const KEPT_UNSEEN = 200;
/** The most conversations the server lists at once. */
const AT_ONCE = 100;

/** What the server answers when nobody is signed in here any more. */
const SIGNED_OUT: ReadonlySet<string> = new Set(['unauthenticated', 'session_ended', 'invalid_refresh_token']);
const isSignedOut = (error: unknown): boolean => error instanceof ParleyError && SIGNED_OUT.has(error.code);

/**
 * Everything this person sees, kept up to date: conversations with their counts, the messages that are loaded, and what
 * is still on its way out. It is always what a fresh load would show, or about to be. Made for `useSyncExternalStore` of
 * React, and for anything else that can be told of changes.
 * @example
 * const { store } = parley;
 * await store.start();
 * store.subscribe(() => render(conversationsByActivity(store.getState())));
 * await parley.connect();
 */
export class Store {
  #state = emptyState('');
  /** Another one for each person. */
  #turn = {};
  /** Whether it is the server that has said who is signed in, not the cache alone. */
  #isCertain = false;
  /** Whether conversations are as an earlier visit has left them in what no sync tells. */
  #isOld = false;
  #restoring: Promise<boolean> | undefined;
  #starting: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #engine: SyncEngine;
  readonly #outbox: Outbox;
  readonly #screens: Screens;
  readonly #delivery: DeliveryMarks | undefined;
  readonly #keeper: Keeper | undefined;

  constructor(private readonly parts: Parts) {
    const { call, connection, sender, schedule } = parts;
    const dispatch = (action: StoreAction) => this.#dispatch(action);
    this.#engine = new SyncEngine({ call, getState: this.getState, dispatch, schedule, backoff: parts.backoff });
    this.#outbox = new Outbox({
      storage: parts.outbox,
      connection,
      send: (message) => sender.send(message),
      dispatch,
    });
    this.#screens = new Screens({
      connection,
      show: (conversationId, receipts) => dispatch({ type: 'screened', conversationId, receipts }),
      reached: (conversationId, rev) => {
        const held = this.#state.conversations.get(conversationId);
        if (!held || held.conversation.rev < rev) this.#syncAside();
      },
    });
    this.#keeper = parts.cache && new Keeper({ cache: parts.cache, getState: this.getState, schedule });
    this.#delivery = parts.marksDelivered ? new DeliveryMarks({ connection, schedule }) : undefined;
    for (const event of STORE_EVENTS) {
      connection.on(event, (payload) => this.#heard({ type: event, payload } as EventAction));
    }
    connection.on('sync_needed', () => this.#syncAside());
    connection.on('state', ({ state, error }) => {
      if (state === 'connected') this.#syncAside();
      // Whoever opens this page next is to see nothing of it.
      else if (isSignedOut(error)) void this.#keeper?.forget();
    });
    if (connection.state === 'connected') this.#syncAside();
  }

  /** The state as it is now; the same object until something changes. */
  readonly getState = (): StoreState => this.#state;

  /**
   * Calls back after every change; the returned function stops it.
   * @example
   * const state = useSyncExternalStore(parley.store.subscribe, parley.store.getState);
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /**
   * Shows what was kept of the last visit, before the server is asked anything; says whether there was something. `start`
   * finds out whether that person is still signed in, and forgets it all where not.
   * @example
   * if (await parley.store.restore()) render(parley.store.getState());
   */
  restore(): Promise<boolean> {
    this.#restoring ??= this.#restore();
    return this.#restoring;
  }

  /**
   * Resolves once there is something to show: what was kept of the last visit, which is then brought up to date, or what
   * the server has. Sends what was left in the outbox.
   */
  async start(): Promise<void> {
    if (await this.restore()) this.#syncAside();
    else await this.sync();
  }

  /** Asks the server for what may have been missed, and resolves once it is here. Seldom needed: the store asks by itself. */
  async sync(): Promise<void> {
    await this.#begin();
    await this.#engine.sync();
    if (!this.#isOld) return;
    this.#isOld = false;
    await this.#readAgain().catch((error: unknown) => {
      this.#isOld = true;
      throw error;
    });
  }

  /**
   * Forgets everything but what is still to be sent, for who is signed in from now on, or for nobody. Resolves once nothing
   * is kept here of anybody else.
   */
  async become(profile: Profile | null): Promise<void> {
    this.#starting = undefined;
    this.#isCertain = profile !== null;
    const { userId } = this.#state;
    if (profile?.id !== userId) {
      this.#turn = {};
      this.#restoring = undefined;
      this.#isOld = false;
      this.#engine.stop();
      this.#delivery?.stop();
      this.#outbox.close();
    }
    this.#dispatch(profile ? { type: 'identified', profile } : { type: 'reset', userId: '' });
    if (!profile || (userId !== '' && userId !== profile.id)) await this.#keeper?.forget();
    else await this.restore();
  }

  /**
   * Shows a message at once and sends it until the server has it, across reloads where the outbox is kept. Returns its
   * `clientMessageId`; how it fares shows in the state.
   * @example
   * parley.store.send(chat, 'On my way!');
   * outboxOf(parley.store.getState(), chat); // [{ state: 'sending', … }]
   */
  send(conversationId: string, content: string | undefined, options: SendOptions = {}): string {
    const message = outgoing(conversationId, content, options);
    this.#outbox.add(message);
    if (this.#state.userId === '') this.#beginAside();
    return message.clientMessageId;
  }

  /** Sends a message again that the server has refused. */
  retry({ message }: Pick<OutboxEntry, 'message'>): void {
    this.#outbox.retry(message);
  }

  /** Gives up a message that the server has refused. */
  discard({ message }: Pick<OutboxEntry, 'message'>): void {
    this.#outbox.discard(message);
  }

  /** Gives up everything that the server does not have yet, sent or refused. */
  async discardUnsent(): Promise<void> {
    await this.#outbox.discardAll();
  }

  /** Resolves once what there is so far is kept where it outlives a reload: what was sent, and with a cache the rest. */
  async saved(): Promise<void> {
    await Promise.all([this.#outbox.saved(), this.#keeper?.flush()]);
  }

  /**
   * Loads what lies before the stretch around a position, by default the end; says whether there is still more.
   * @example
   * while (await parley.store.loadBefore(chat)) …
   */
  async loadBefore(conversationId: string, around?: number, limit = PAGE): Promise<boolean> {
    const stretch = stretchOf(this.#held(conversationId), around);
    if (!stretch.hasMoreBefore) return false;
    const before = stretch.messages[0]?.seq ?? (around === undefined ? undefined : around + 1);
    const page = await this.#load(conversationId, { ...(before !== undefined && { before }), limit });
    return page.hasMoreBefore;
  }

  /** Loads what comes after the stretch around a position; says whether there is still more. */
  async loadAfter(conversationId: string, around: number, limit = PAGE): Promise<boolean> {
    const stretch = stretchOf(this.#held(conversationId), around);
    if (!stretch.hasMoreAfter) return false;
    const page = await this.#load(conversationId, { after: stretch.messages.at(-1)?.seq ?? around - 1, limit });
    return page.hasMoreAfter;
  }

  /** Loads the surroundings of a position, to jump to. */
  async loadAround(conversationId: string, seq: number, limit = PAGE): Promise<void> {
    await this.#load(conversationId, { around: seq, limit });
  }

  /**
   * Lets go of the messages outside of these positions, but for the last one: a view that shows what is near them keeps
   * the memory flat. They are loaded again when asked for. What no view shows is let go of by itself.
   * @example
   * if (messages.length > 1_000) parley.store.release(chat, { from: shown - 300, to: shown + 300 });
   */
  release(conversationId: string, { from, to }: { readonly from: number; readonly to: number }): void {
    this.#dispatch({ type: 'released', conversationId, from, to });
  }

  /**
   * Says that a conversation is on screen, so that receipts and typing of its members arrive; the returned function says
   * that it is no more.
   * @example
   * useEffect(() => parley.store.onScreen(chat), [chat]);
   */
  onScreen(conversationId: string): () => void {
    return this.#screens.open(conversationId);
  }

  async #load(conversationId: string, query: Readonly<Record<string, number>>): Promise<MessagePage> {
    const { since } = this.#held(conversationId).ledger;
    const page = await this.parts.call<MessagePage>({ method: 'GET', path: `/messages/${conversationId}`, query });
    this.#dispatch({ type: 'loaded', conversationId, since, items: page.items });
    return page;
  }

  #held(conversationId: string): ConversationState {
    const held = this.#state.conversations.get(conversationId);
    if (!held) throw new ParleyError('not_found', 'The store has no such conversation');
    return held;
  }

  /** Learns who is signed in, once. */
  #begin(): Promise<void> {
    this.#starting ??= this.#identify().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #identify(): Promise<void> {
    const turn = this.#turn;
    await this.restore();
    if (!this.#isCertain) {
      const profile = await this.#whoIsSignedIn(turn);
      const { userId } = this.#state;
      this.#isCertain = true;
      this.#dispatch({ type: 'identified', profile });
      if (userId !== '' && userId !== profile.id) await this.#keeper?.forget();
    }
    await this.#outbox.start(this.#state.userId);
    this.#keeper?.start();
  }

  async #whoIsSignedIn(turn: object): Promise<Profile> {
    const profile = await this.parts.call<Profile>({ method: 'GET', path: '/users/profile' }).catch(async (error) => {
      if (turn === this.#turn && isSignedOut(error)) await this.become(null);
      throw error;
    });
    if (turn !== this.#turn) throw new ParleyError('closed', 'Somebody else has signed in meanwhile');
    return profile;
  }

  async #restore(): Promise<boolean> {
    const turn = this.#turn;
    const kept = await this.#keeper?.load();
    if (!kept || turn !== this.#turn) return false;
    const { userId } = this.#state;
    if (userId !== '' && userId !== kept.person.profile.id) {
      await this.#keeper?.forget();
      return false;
    }
    this.#isOld = true;
    this.#dispatch({ type: 'reopened', kept });
    await this.#outbox.open(this.#state.userId);
    return true;
  }

  /** Names and privacy of people have no number that a sync could go by, and may have changed since the last visit. */
  async #readAgain(): Promise<void> {
    const turn = this.#turn;
    let cursor: string | undefined;
    do {
      const query = { limit: AT_ONCE, cursor };
      const page = await this.parts.call<Page<Conversation>>({ method: 'GET', path: '/conversations', query });
      if (turn !== this.#turn) return;
      for (const conversation of page.items) this.#dispatch({ type: 'recounted', conversation, recount: 0 });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** What fails here shows in the connection, which leads to the next attempt. */
  #syncAside(): void {
    this.sync().catch(() => undefined);
  }

  #beginAside(): void {
    this.#begin().catch(() => undefined);
  }

  #heard(action: EventAction): void {
    this.#dispatch(action);
    if (action.type === 'conversation_removed' || !this.#isCertain) return;
    this.#engine.heardOf(action.type === 'conversation_updated' ? action.payload.id : action.payload.conversationId);
  }

  #dispatch(action: StoreAction): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    if (action.type === 'new_message') this.#arrived(action.payload.conversationId);
    if (action.type === 'synced') for (const { id } of action.result.conversations) this.#arrived(id);
    this.#keeper?.changed();
    for (const listener of [...this.#listeners]) listener();
  }

  #arrived(conversationId: string): void {
    const held = this.#state.conversations.get(conversationId);
    if (!held) return;
    this.#delivery?.arrived(held, this.#state.userId);
    if (held.messages.length <= MOST_UNSEEN || this.#screens.isShown(conversationId)) return;
    this.release(conversationId, { from: held.conversation.lastSeq - KEPT_UNSEEN + 1, to: held.conversation.lastSeq });
  }
}
