import type { OnModuleDestroy } from '@nestjs/common';
import { NAMESPACE } from '@parley/protocol';
import { createShardedAdapter } from '@socket.io/redis-adapter';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'socket.io';
import { AppError } from '../app-error.js';
import { newId } from '../ids.js';
import type { Log } from '../logging/log.js';
import { PULSE_HOLDS, type Redis } from '../redis/redis.js';
import { Bus, type BusNode, type NodeRequest } from './bus.js';

type Letter =
  | { readonly kind: 'request'; readonly id: string; readonly from: string; readonly request: NodeRequest }
  | { readonly kind: 'reply'; readonly id: string; readonly from: string; readonly found: readonly string[] };

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
  /** Until when the last pulse of each node holds, by our clock. */
  readonly #nodes = new Map<string, number>();
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
    this.redis.onPulse((from, isLast) => this.#pulse(from, isLast));
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
    const soonest = this.#since + PULSE_HOLDS - performance.now();
    if (this.hears && soonest > 0) await sleep(soonest);
    if (!this.hears) throw away();
    const letter: Letter = { kind: 'request', id: newId(), from: this.redis.node, request };
    const found = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: AppError) => {
        clearTimeout(timer);
        this.#pending.delete(letter.id);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => settle(away()), CONFIRM_WITHIN);
      this.#pending.set(letter.id, { found, awaited: undefined, settle });
      this.#send(letter).catch((error: unknown) => settle(away(error)));
    });
    return [...found];
  }

  async onModuleDestroy(): Promise<void> {
    await this.redis.leave();
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

  #pulse(from: string, isLast: boolean): void {
    const now = performance.now();
    if (isLast) this.#nodes.delete(from);
    else this.#nodes.set(from, now + PULSE_HOLDS);
    for (const [node, until] of this.#nodes) {
      if (until > now) continue;
      this.#nodes.delete(node);
      this.#node?.vanished();
    }
    for (const pending of [...this.#pending.values()]) {
      for (const node of pending.awaited ?? []) if (!this.#nodes.has(node)) this.#answered(pending, node);
    }
  }

  async #receive(letter: Letter): Promise<void> {
    const own = letter.kind === 'reply' || letter.from === this.redis.node ? this.#pending.get(letter.id) : undefined;
    if (letter.kind === 'reply') {
      if (own) this.#answered(own, letter.from, letter.found);
      return;
    }
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
