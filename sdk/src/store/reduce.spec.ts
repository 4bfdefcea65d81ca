import type {
  Conversation,
  HiddenMessage,
  Message,
  Profile,
  Quote,
  SyncCursor,
  SyncedMessages,
  SyncRequest,
  SyncResult,
} from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../e2e/random.js';
import { keptOf } from '../cache/cache.js';
import { isBehind } from './conversation.js';
import { reduce, type StoreAction } from './reduce.js';
import { emptyState, type StoreState } from './state.js';
import { hide, quoteOf } from './timeline.js';

const ME = 'me';
const OTHERS = ['ann', 'ben', 'cem'];
const START = '2026-01-01T00:00:00.000Z';
/** So few that every answer is one of many. */
const PAGE = 3;

interface Row {
  message: Message;
  replyToSeq: number | null;
  isChanged: boolean;
}

/** A server with one group, as one of its members meets it. */
class Model {
  readonly rows: Row[] = [];
  readonly events: StoreAction[] = [];
  readonly #hidden: (HiddenMessage & { inboxRev: number })[] = [];
  #rev = 0;
  #inboxRev = 1;
  #name = 'Room';
  #updates = 0;
  #members = 4;
  #seat: { rev: number; lastReadSeq: number; visibleFromSeq: number } | null = {
    rev: 1,
    lastReadSeq: 0,
    visibleFromSeq: 1,
  };

  constructor(
    private readonly id: string,
    private readonly random: () => number,
  ) {}

  /** Something happens; whoever is connected is told of it. */
  act(): void {
    const acts = [
      () => this.send(),
      () => this.send(),
      () => this.send(),
      () => this.#edit(),
      () => this.#react(),
      () => this.#delete(),
      () => this.#hide(),
      () => this.#read(),
      () => this.#rename(),
      () => this.#comeAndGo(),
      () => this.#leaveOrReturn(),
    ];
    acts[Math.floor(this.random() * acts.length)]?.();
  }

  fresh(): StoreState {
    return reduce(emptyState(ME), { type: 'synced', result: this.sync({ conversations: {} }) });
  }

  sync({ inboxRev, conversations }: SyncRequest): SyncResult {
    const cursor = conversations[this.id];
    const nothing = { conversations: [], removed: [], resync: [], hidden: [], messages: {}, more: false };
    if (!this.#seat) return { ...nothing, inboxRev: this.#inboxRev, removed: cursor ? [this.id] : [] };
    const hidden = inboxRev === undefined ? [] : this.#hidden.filter((item) => item.inboxRev > inboxRev);
    const told = {
      ...nothing,
      inboxRev: this.#inboxRev,
      hidden: hidden.map(({ conversationId, seq }) => ({ conversationId, seq })),
    };
    if (!cursor) return { ...told, conversations: [this.view()] };
    if (cursor.seq < this.#seat.visibleFromSeq - 1) return { ...told, conversations: [this.view()], resync: [this.id] };
    const isMoved = this.#seat.rev > (inboxRev ?? 0);
    if (cursor.rev === this.#rev && cursor.seq === this.rows.length)
      return { ...told, conversations: isMoved ? [this.view()] : [] };
    const messages = this.#missed(cursor);
    return { ...told, conversations: [this.view()], messages: { [this.id]: messages }, more: messages.hasMore };
  }

  #missed(cursor: SyncCursor): SyncedMessages {
    const visible = this.rows.filter(({ message }) => message.seq >= (this.#seat?.visibleFromSeq ?? 1));
    const changed = visible
      .filter(({ message, isChanged }) => isChanged && message.seq <= cursor.seq && message.rev > cursor.rev)
      .sort((a, b) => a.message.rev - b.message.rev)
      .map((row) => this.#show(row));
    if (changed.length > PAGE) {
      const items = changed.slice(0, PAGE);
      return { items, seq: cursor.seq, rev: items.at(-1)?.rev ?? 0, hasMore: true };
    }
    const added = visible.filter(({ message }) => message.seq > cursor.seq).slice(0, PAGE);
    const seq = cursor.seq + added.length;
    const items = [...changed, ...added.map((row) => this.#show(row))];
    return { items, seq, rev: this.#rev, hasMore: seq < this.rows.length };
  }

  view(): Conversation {
    if (!this.#seat) throw new Error('nobody looks');
    const { lastReadSeq, visibleFromSeq, rev } = this.#seat;
    const last = this.rows.at(-1);
    const unread = this.rows.filter(
      ({ message }) =>
        message.seq > Math.max(lastReadSeq, visibleFromSeq - 1) &&
        message.senderId !== ME &&
        !message.deletedAt &&
        !this.#isHidden(message.seq),
    );
    return {
      id: this.id,
      type: 'group',
      name: this.#name,
      description: null,
      avatarUrl: null,
      createdBy: 'ann',
      createdAt: START,
      updatedAt: `${this.#updates}`,
      memberCount: this.#members,
      lastSeq: this.rows.length,
      rev: this.#rev,
      lastMessage: last && last.message.seq >= visibleFromSeq ? this.#show(last) : null,
      peer: null,
      peerMarks: null,
      permissions: {} as Conversation['permissions'],
      historyVisibility: 'joined',
      joinPolicy: 'invite',
      slowModeSeconds: 0,
      messageTtl: null,
      me: {
        rev,
        role: 'member',
        joinedAt: START,
        visibleFromSeq,
        lastReadSeq,
        lastDeliveredSeq: lastReadSeq,
        unreadCount: unread.length,
        mentionCount: unread.filter(({ message }) => message.mentions.length > 0).length,
        markedUnread: false,
        mutedUntil: null,
        silencedUntil: null,
        pinned: false,
        archived: false,
        draft: null,
      },
    };
  }

  history(): Message[] {
    return this.rows
      .filter(({ message }) => message.seq >= (this.#seat?.visibleFromSeq ?? 1))
      .map((row) => this.#show(row));
  }

  #isHidden(seq: number): boolean {
    return this.#hidden.some((hidden) => hidden.seq === seq);
  }

  #show(row: Row): Message {
    const message = { ...row.message, replyTo: row.message.deletedAt ? null : this.#quote(row) };
    return this.#isHidden(message.seq) ? hide(message) : message;
  }

  #quote({ replyToSeq }: Row): Quote | null {
    const quoted = this.rows.find(({ message }) => message.seq === replyToSeq)?.message;
    if (!quoted) return null;
    const isVisible = quoted.seq >= (this.#seat?.visibleFromSeq ?? 1);
    if (isVisible) return quoteOf(quoted);
    return { id: quoted.id, seq: quoted.seq, senderId: null, messageType: null, content: null, deletedAt: null };
  }

  #tell(...events: StoreAction[]): void {
    if (this.#seat) this.events.push(...events);
  }

  #append(given: Partial<Message>, replyToSeq: number | null = null): Message {
    this.#rev += 1;
    const seq = this.rows.length + 1;
    const row: Row = {
      message: {
        id: `message ${seq}`,
        conversationId: this.id,
        seq,
        rev: this.#rev,
        senderId: 'ann',
        clientMessageId: null,
        messageType: 'text',
        content: null,
        metadata: {},
        attachments: [],
        replyTo: null,
        reactions: [],
        mentions: [],
        isEdited: false,
        editedAt: null,
        deletedAt: null,
        createdAt: START,
        ...given,
      },
      replyToSeq,
      isChanged: false,
    };
    this.rows.push(row);
    this.#tell({ type: 'new_message', payload: { ...row.message, replyTo: this.#quote(row) } });
    return row.message;
  }

  send(senderId = this.random() < 0.2 ? ME : this.#pick(OTHERS)): void {
    if (senderId === ME && !this.#seat) return;
    const mentions = this.random() < 0.3 ? [{ userId: this.random() < 0.5 ? ME : null, offset: 0, length: 1 }] : [];
    const quoted = this.random() < 0.4 ? this.#pickRow() : undefined;
    this.#append({ senderId, content: `text ${this.rows.length}`, mentions }, quoted?.message.seq);
  }

  #change(row: Row | undefined, change: Partial<Message>): void {
    if (!row || row.message.deletedAt) return;
    this.#rev += 1;
    row.message = { ...row.message, ...change, rev: this.#rev };
    row.isChanged = true;
    if (this.#seat && row.message.seq < this.#seat.visibleFromSeq) {
      // Of the message itself nothing may be told, of the change there has to be.
      this.#tell({ type: 'conversation_moved', payload: { conversationId: this.id, rev: this.#rev } });
      return;
    }
    // To everyone alike: that somebody has hidden the message is their own business.
    this.#tell({
      type: 'message_updated',
      payload: { ...row.message, replyTo: row.message.deletedAt ? null : this.#quote(row) },
    });
  }

  #edit(): void {
    const mentions = this.random() < 0.5 ? [{ userId: ME, offset: 0, length: 1 }] : [];
    const row = this.#pickRow();
    this.#change(row, { content: `edit ${this.#rev}`, mentions, isEdited: true, editedAt: START });
  }

  #react(): void {
    this.#change(this.#pickRow(), { reactions: [{ emoji: '👍', count: this.#rev, userIds: [] }] });
  }

  #delete(): void {
    this.#change(this.#pickRow(), { content: null, reactions: [], mentions: [], metadata: {}, deletedAt: START });
  }

  #hide(): void {
    const row = this.#pickRow();
    if (!row || !this.#seat || row.message.seq < this.#seat.visibleFromSeq || this.#isHidden(row.message.seq)) return;
    this.#inboxRev += 1;
    const hidden = { conversationId: this.id, seq: row.message.seq, inboxRev: this.#inboxRev };
    this.#hidden.push(hidden);
    this.#tell({ type: 'message_hidden', payload: hidden });
  }

  #read(): void {
    if (!this.#seat) return;
    const lastReadSeq = Math.max(this.#seat.lastReadSeq, Math.floor(this.random() * (this.rows.length + 1)));
    this.#inboxRev += 1;
    this.#seat = { ...this.#seat, lastReadSeq, rev: this.#inboxRev };
    this.#tell({ type: 'seat_updated', payload: { conversationId: this.id, rev: this.#rev, me: this.view().me } });
  }

  #rename(): void {
    this.#rev += 1;
    this.#updates += 1;
    this.#name = `Room ${this.#rev}`;
    if (this.#seat) this.#tell({ type: 'conversation_updated', payload: this.view() });
  }

  #comeAndGo(): void {
    if (this.random() < 0.5) {
      this.#members += 2;
      this.#append({ messageType: 'system', metadata: { event: 'participants_added', userIds: ['x', 'y'] } });
    } else {
      this.#members -= 1;
      this.#append({ messageType: 'system', metadata: { event: 'participant_left', userId: 'x' } });
    }
  }

  #leaveOrReturn(): void {
    if (this.random() < 0.7) return;
    this.#inboxRev += 1;
    if (this.#seat) {
      this.#members -= 1;
      this.#tell({
        type: 'conversation_removed',
        payload: { conversationId: this.id, reason: 'removed', inboxRev: this.#inboxRev },
      });
      this.#seat = null;
      this.#append({ messageType: 'system', metadata: { event: 'participant_removed', userId: ME } });
    } else {
      this.#members += 1;
      this.#append({ messageType: 'system', metadata: { event: 'participants_added', userIds: [ME] } });
      this.#seat = { rev: this.#inboxRev, lastReadSeq: this.rows.length, visibleFromSeq: this.rows.length };
      this.#tell({ type: 'conversation_updated', payload: this.view() });
    }
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  #pickRow(): Row | undefined {
    return this.rows.length > 0 ? this.#pick(this.rows.slice(-12)) : undefined;
  }
}

const requestOf = (state: StoreState): SyncRequest => ({
  ...(state.isLoaded && { inboxRev: state.inbox.rev }),
  conversations: Object.fromEntries(
    [...state.conversations].map(([id, { ledger }]) => [id, { seq: ledger.progress.seq, rev: ledger.progress.rev }]),
  ),
});

/** What makes a client sync that has heard every event. */
const mustSync = (model: Model, state: StoreState): boolean =>
  state.inbox.ahead.size > 0 ||
  [...state.conversations.values()].some(isBehind) ||
  state.conversations.size !== model.fresh().conversations.size;

/** Whether an event goes by for want of its conversation, or an answer puts one in place of what events have told. */
const isMissed = (state: StoreState, action: StoreAction): boolean =>
  action.type === 'synced'
    ? action.result.resync.length > 0
    : action.type !== 'loaded' && action.type !== 'conversation_removed' && state.conversations.size === 0;

/** Everything a client does until it has come to rest: it syncs until there is no more, and lets uncertain counts be read. */
function atRest(model: Model, from: StoreState, isSyncNeeded: boolean): StoreState {
  let state = from;
  for (let more = isSyncNeeded; more;) {
    const result = model.sync(requestOf(state));
    state = reduce(state, { type: 'synced', result });
    more = result.more || result.resync.length > 0;
  }
  for (const { ledger } of state.conversations.values()) {
    const items = model.history().filter(({ seq }) => ledger.stale.has(seq));
    state = reduce(state, { type: 'loaded', conversationId: 'chat', since: ledger.since, items });
    if (ledger.recount === 0) continue;
    state = reduce(state, { type: 'recounted', conversation: model.view(), recount: ledger.recount });
  }
  return state;
}

function expectAsFresh(model: Model, state: StoreState): void {
  const fresh = model.fresh();
  expect([...state.conversations.values()].map(({ conversation }) => conversation)).toEqual(
    [...fresh.conversations.values()].map(({ conversation }) => conversation),
  );
  expect(state.inbox).toEqual(fresh.inbox);
  const history = new Map(model.history().map((message) => [message.seq, message]));
  for (const held of state.conversations.values()) {
    expect(isBehind(held)).toBe(false);
    for (const message of held.messages) expect(message).toEqual(history.get(message.seq));
  }
}

/** A client is closed and opens again from what was kept of it. */
function reopened(state: StoreState): StoreState {
  const { inbox, gone, conversations } = state;
  const person = { profile: { id: ME } as Profile, inbox, gone };
  const kept = structuredClone({ person, conversations: [...conversations.values()].map(keptOf) });
  return reduce(emptyState(''), { type: 'reopened', kept });
}

/**
 * A client lives through a random history, in which so many of the events are lost. Where it is closed now and then, it
 * loses what was on its way, and something happens before it opens again and syncs.
 */
function live(
  random: () => number,
  lost: number,
  {
    isClosedAtTimes = false,
    isReleasedAtTimes = false,
  }: { isClosedAtTimes?: boolean; isReleasedAtTimes?: boolean } = {},
) {
  const model = new Model('chat', random);
  for (let count = 0; count < 10; count += 1) model.act();
  model.events.length = 0;
  let state = model.fresh();
  let hasMissed = false;
  const inFlight: StoreAction[] = [];
  const arrive = (at: number, isRepeated: boolean) => {
    const [action] = isRepeated ? inFlight.slice(at, at + 1) : inFlight.splice(at, 1);
    const isLost = random() < lost;
    if (!action || isLost) return;
    hasMissed ||= isMissed(state, action);
    state = reduce(state, action);
  };
  for (let step = 0; step < 120; step += 1) {
    model.act();
    inFlight.push(...model.events.splice(0));
    const dice = random();
    // A client has one sync open at a time.
    if (dice < 0.05 && !inFlight.some(({ type }) => type === 'synced')) {
      inFlight.push({ type: 'synced', result: model.sync(requestOf(state)) });
    }
    if (isClosedAtTimes && random() < 0.05) {
      for (let missed = 0; missed < 5; missed += 1) model.act();
      inFlight.length = model.events.length = 0;
      state = atRest(model, reopened(state), true);
    }
    if (isReleasedAtTimes && random() < 0.1) {
      const from = Math.floor(random() * model.rows.length);
      const to = from + Math.floor(random() * 8);
      state = reduce(state, { type: 'released', conversationId: 'chat', from, to });
    }
    const since = state.conversations.get('chat')?.ledger.since;
    if (dice > 0.95 && since !== undefined) {
      const history = model.history();
      const start = Math.floor(random() * history.length);
      inFlight.push({ type: 'loaded', conversationId: 'chat', since, items: history.slice(start, start + 5) });
    }
    while (inFlight.length > 0 && random() < 0.6) {
      arrive(random() < 0.3 ? Math.floor(random() * Math.min(6, inFlight.length)) : 0, random() < 0.1);
    }
  }
  while (inFlight.length > 0) arrive(Math.floor(random() * inFlight.length), false);
  return { model, state, hasMissed };
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

describe('the store', () => {
  it.each(SEEDS)('ends as a fresh load, however doubled and out of order events come (seed %i)', (seed) => {
    const { model, state, hasMissed } = live(seeded(seed), 0);
    expectAsFresh(model, atRest(model, state, hasMissed || mustSync(model, state)));
  });

  it.each(SEEDS)('ends as a fresh load after a sync, whatever was lost (seed %i)', (seed) => {
    const { model, state } = live(seeded(seed), 0.1);
    expectAsFresh(model, atRest(model, state, true));
  });

  it.each(SEEDS)(
    'ends as a fresh load, however often it was closed and opened from what was kept (seed %i)',
    (seed) => {
      const { model, state, hasMissed } = live(seeded(seed), 0, { isClosedAtTimes: true });
      expectAsFresh(model, atRest(model, state, hasMissed || mustSync(model, state)));
    },
  );

  it.each(SEEDS)('ends as a fresh load, though it lets go of messages again and again (seed %i)', (seed) => {
    const { model, state, hasMissed } = live(seeded(seed), 0, { isReleasedAtTimes: true });
    expectAsFresh(model, atRest(model, state, hasMissed || mustSync(model, state)));
  });

  it.each(SEEDS)(
    'ends as a fresh load after a sync, though it let go of messages and lost events (seed %i)',
    (seed) => {
      const { model, state } = live(seeded(seed), 0.1, { isReleasedAtTimes: true, isClosedAtTimes: true });
      expectAsFresh(model, atRest(model, state, true));
    },
  );

  it('takes no page that was asked for before it let go of what has changed meanwhile', () => {
    const model = new Model('chat', seeded(3));
    while (model.rows.length < 6) model.act();
    model.events.length = 0;
    let state = model.fresh();
    const page = (): StoreAction => {
      const since = state.conversations.get('chat')?.ledger.since ?? 0;
      return { type: 'loaded', conversationId: 'chat', since, items: model.history() };
    };
    state = reduce(state, page());
    const old = page();
    while (!model.events.some(({ type }) => type === 'message_updated')) model.act();
    for (const event of model.events.splice(0)) state = reduce(state, event);
    state = reduce(state, { type: 'released', conversationId: 'chat', from: 0, to: 0 });
    state = reduce(state, old);
    expect(state.conversations.get('chat')?.messages.length).toBeLessThanOrEqual(1);
    state = reduce(state, page());
    expect(state.conversations.get('chat')?.messages).toEqual(model.history());
  });

  it('has the server count before much has to be kept of what nobody reads', () => {
    const model = new Model('chat', seeded(1));
    let state = model.fresh();
    let most = 0;
    for (let count = 0; count < 1_700; count += 1) {
      model.send('ann');
      for (const action of model.events.splice(0)) state = reduce(state, action);
      const ledger = state.conversations.get('chat')?.ledger;
      if (!ledger) throw new Error('there is no conversation');
      most = Math.max(most, ledger.tracked.length);
      if (ledger.recount > 0) state = atRest(model, state, false);
    }
    expect(most).toBe(500);
    expectAsFresh(model, state);
  });
});
