import type { OnModuleDestroy } from '@nestjs/common';
import { NAMESPACE } from '@parley/protocol';
import { createShardedAdapter } from '@socket.io/redis-adapter';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'socket.io';
import { AppError } from '../app-error.js';
import { newId } from '../ids.js';
import type { Log } from '../logging/log.js';
import { type Pulse, PULSE_HOLDS, type Redis } from '../redis/redis.js';
import { Bus, type BusNode, type NodeRequest } from './bus.js';

type Letter =
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly from: string;
      /** By the sender's clock. */
      readonly sentAt: number;
      readonly request: NodeRequest;
    }
  | { readonly kind: 'reply'; readonly id: string; readonly from: string; readonly found: readonly string[] };

/** What the last pulse of a node says. */
interface Heartbeat {
  /** By that node's clock. */
  readonly sentAt: number;
  /** Until when it holds, by our clock. */
  readonly until: number;
}

interface Pending {
  readonly found: Set<string>;
  /** Nodes that have not answered; known once our own request has come back to us. */
  awaited: Set<string> | undefined;
  readonly settle: (error?: AppError) => void;
}

const NODES = 'parley:nodes';
/** In ms; longer than a pulse holds, so that a node that was killed is waited for and then counts no longer. */
const CONFIRM_WITHIN = 2_500;
/** How long a start waits for Redis before it goes on without, in ms. */
const PATIENCE = 5_000;

/**
 * Nodes that reach each other through Redis. Requests, answers, pulses and what Socket.IO broadcasts arrive over one
 * connection, in the order in which Redis took them. Whoever has sent a pulse within the time one holds must answer a
 * request; whoever has not tells its own sockets nothing, by its own clock and no later. So when a request is fulfilled
 * nobody is left who has not heard of it and still delivers.
 */
export class RedisBus extends Bus implements OnModuleDestroy {
  #node: BusNode | undefined;
  readonly #nodes = new Map<string, Heartbeat>();
  readonly #pending = new Map<string, Pending>();
  /** Since when every pulse of another node has been heard. */
  #since = Infinity;

  constructor(
    private readonly redis: Redis,
    private readonly log: Log,
  ) {
    super();
  }

  get hears(): boolean {
    return this.redis.isUp;
  }

  async start(server: Server, node: BusNode): Promise<void> {
    this.#node = node;
    node.lost();
    server.adapter(this.#adapter());
    // Subscribes now: pulses, which say that nothing is missed, must be the last to be heard again.
    server.of(NAMESPACE);
    this.redis.listen(NODES, (message) => void this.#receive(JSON.parse(message.toString()) as Letter));
    this.redis.onPulse((pulse) => this.#pulse(pulse));
    const up = new Promise<void>((resolve) => {
      this.redis.onChange((isUp) => {
        if (isUp) this.#back();
        else this.#lost();
        resolve();
      });
    });
    this.redis.start();
    await Promise.race([up, sleep(PATIENCE, undefined, { ref: false })]);
    if (!this.hears) this.log.warn('redis is away, going on without: people on other nodes are not heard');
  }

  async ask(request: NodeRequest): Promise<readonly string[]> {
    // Who has not listened for as long as a pulse holds does not know yet who else is there.
    const wait = () => this.#since + PULSE_HOLDS - performance.now();
    while (this.hears && wait() > 0) await sleep(wait());
    if (!this.hears) throw away();
    const sentAt = performance.now();
    const letter: Letter = { kind: 'request', id: newId(), from: this.redis.node, sentAt, request };
    const found = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: AppError) => {
        clearTimeout(timer);
        this.#pending.delete(letter.id);
        if (error) reject(error);
        else resolve();
      };
      const giveUp = () => {
        // Whoever was killed since is not waited for.
        this.#expire();
        settle(away());
      };
      const timer = setTimeout(giveUp, CONFIRM_WITHIN);
      this.#pending.set(letter.id, { found, awaited: undefined, settle });
      this.#send(letter).catch((error: unknown) => settle(away(error)));
    });
    // This process may have stood still since the others agreed.
    if (!this.hears) throw away();
    return [...found];
  }

  async onModuleDestroy(): Promise<void> {
    // The others then take it that this node was killed, and find out themselves what it has not told them.
    if (!this.#node?.hasUntold) await this.redis.leave();
  }

  #back(): void {
    this.#since = performance.now();
    this.#node?.back();
  }

  #lost(): void {
    this.#since = Infinity;
    this.#node?.lost();
    for (const { settle } of [...this.#pending.values()]) settle(away());
  }

  #adapter(): Parameters<Server['adapter']>[0] {
    const { commands, subscriber } = this.redis;
    const subscriptions = {
      on: (event: string, listener: (...heard: Buffer[]) => void) => subscriber.on(event, listener),
      ssubscribe: (channel: string) => this.redis.subscribe(channel),
    };
    const options = { subscriptionMode: 'static', channelPrefix: 'parley' } as const;
    return createShardedAdapter(commands, subscriptions, options) as unknown as Parameters<Server['adapter']>[0];
  }

  #pulse({ node, kind, sentAt }: Pulse): void {
    if (kind === 'last') this.#nodes.delete(node);
    else this.#nodes.set(node, { sentAt, until: performance.now() + PULSE_HOLDS });
    this.#expire();
  }

  #expire(): void {
    const now = performance.now();
    const gone = [...this.#nodes].filter(([, { until }]) => until <= now);
    for (const [node] of gone) this.#nodes.delete(node);
    if (gone.length > 0) this.#node?.vanished();
    for (const pending of [...this.#pending.values()]) {
      for (const node of pending.awaited ?? []) if (!this.#nodes.has(node)) this.#answered(pending, node);
    }
  }

  /**
   * Whether its sender has given up on this letter: the network may deliver it much later than others that were sent
   * after it over a new connection, or when its sender is long dead.
   */
  #isLate({ from, sentAt }: Extract<Letter, { kind: 'request' }>): boolean {
    const heartbeat = this.#nodes.get(from);
    if (heartbeat) return heartbeat.sentAt - sentAt > CONFIRM_WITHIN;
    return performance.now() - this.#since > PULSE_HOLDS;
  }

  async #receive(letter: Letter): Promise<void> {
    const own = letter.kind === 'reply' || letter.from === this.redis.node ? this.#pending.get(letter.id) : undefined;
    if (letter.kind === 'reply') {
      if (own) this.#answered(own, letter.from, letter.found);
      return;
    }
    if (this.#isLate(letter)) return;
    // Every pulse sent before our request has been heard by now.
    if (own) own.awaited = new Set([...this.#nodes.keys(), this.redis.node]);
    const found = (await this.#node?.carryOut(letter.request)) ?? [];
    if (own) this.#answered(own, this.redis.node, found);
    if (letter.from === this.redis.node) return;
    const reply: Letter = { kind: 'reply', id: letter.id, from: this.redis.node, found };
    this.#send(reply).catch((error: unknown) => this.log.warn('a node was not answered', { error: String(error) }));
  }

  #answered({ awaited, found, settle }: Pending, node: string, people: readonly string[] = []): void {
    for (const userId of people) found.add(userId);
    awaited?.delete(node);
    if (awaited?.size === 0) settle();
  }

  #send(letter: Letter): Promise<unknown> {
    return this.redis.publish(NODES, JSON.stringify(letter));
  }
}

const away = (cause?: unknown): AppError =>
  new AppError('unavailable', { detail: 'Not every server could be told; try again', cause });
