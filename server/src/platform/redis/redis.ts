import type { OnApplicationShutdown } from '@nestjs/common';
import { Redis as Client, type RedisOptions } from 'ioredis';
import { newId } from '../ids.js';
import type { Log } from '../logging/log.js';
import type { Metrics } from '../metrics/metrics.js';

/** How often this node sends a pulse through Redis, in ms. */
const PULSE_EVERY = 500;
/** For how long a pulse that came back proves, from its sending on, that this node can be reached, in ms. */
export const PULSE_HOLDS = 2_000;
/** A command that has no answer by then has failed, in ms. */
const COMMAND_TIMEOUT = 2_000;
/** A connection that looks whole but carries nothing for this long is opened anew, in ms. */
const GIVE_UP_AFTER = 3_000;
const PULSES = 'parley:pulses';

/**
 * One beat of a node: when it was sent, by that node's own clock. A node that does not hear itself only probes; when a
 * probe comes back its pulses count again.
 */
export interface Pulse {
  readonly node: string;
  readonly kind: 'beat' | 'probe' | 'last';
  readonly sentAt: number;
}

const retryStrategy = (times: number): number => Math.min(times * 100, 1_000);

/** How a connection to Redis is opened wherever one is needed. */
export function connectRedis(url: string, options: RedisOptions): Client {
  return new Client(url, { retryStrategy, connectTimeout: 5_000, ...options });
}

/**
 * The connections to Redis, and whether it can be relied on. Redis counts as up while pulses that this node publishes come
 * back through its own subscription: an open connection alone says nothing of one that is half gone.
 */
export class Redis implements OnApplicationShutdown {
  /** What this process is called among the nodes, for as long as it runs. */
  readonly node = newId();
  /** For ordinary commands: fails at once while Redis is away, and within two seconds when it does not answer. */
  readonly commands: Client;
  /** For subscriptions alone; they come back with the connection. */
  readonly subscriber: Client;
  readonly #listeners = new Map<string, (message: Buffer) => void>();
  readonly #onChange: ((isUp: boolean) => void)[] = [];
  readonly #onPulse: ((pulse: Pulse) => void)[] = [];
  #isUp = false;
  /** Up to this moment of our clock the latest pulse holds. */
  #holdsUntil = -Infinity;
  #changedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #complaint = '';
  #isOver = false;

  constructor(
    url: string,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.commands = connectRedis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT,
    });
    // A check for readiness would be a command, which a connection that already subscribes may not send.
    this.subscriber = connectRedis(url, { enableReadyCheck: false, maxRetriesPerRequest: null });
    for (const client of [this.commands, this.subscriber]) {
      client.on('error', (error: Error) => this.#complain(error.message));
      // What was published while it was closed is missed, however soon it opens again.
      client.on('close', () => this.#down('the connection was closed'));
    }
    this.subscriber.on('smessageBuffer', (channel: Buffer, message: Buffer) => {
      this.#listeners.get(channel.toString())?.(message);
    });
  }

  /** Whether Redis answers and reaches us at this moment. Exact to the moment, also after the process was frozen. */
  get isUp(): boolean {
    return this.#isUp && performance.now() < this.#holdsUntil;
  }

  /** Begins to send pulses. Subscribe first to what must not be missed while Redis counts as up. */
  start(): void {
    this.listen(PULSES, (message) => this.#heard(JSON.parse(message.toString()) as Pulse));
    this.#timer = setInterval(() => this.#beat(), PULSE_EVERY);
    this.commands.on('ready', () => this.#beat());
    this.#beat();
  }

  /** Hears what is published on a channel; on all of them in the order of publishing. */
  listen(channel: string, listener: (message: Buffer) => void): void {
    this.#listeners.set(channel, listener);
    void this.subscribe(channel);
  }

  /** Subscribes and stays subscribed; the messages are events of `subscriber`. */
  async subscribe(channel: string): Promise<void> {
    // Only Redis itself can refuse: a connection that is away is waited for.
    await this.subscriber.ssubscribe(channel).catch((error: Error) => this.#complain(error.message));
  }

  /** Tells when Redis goes and when it is back. */
  onChange(listener: (isUp: boolean) => void): void {
    this.#onChange.push(listener);
  }

  /** Tells of every node's pulses, ours included, that prove it to hear; the last when a node stops as planned. */
  onPulse(listener: (pulse: Pulse) => void): void {
    this.#onPulse.push(listener);
  }

  publish(channel: string, message: string): Promise<unknown> {
    return this.commands.spublish(channel, message);
  }

  /** Says to the other nodes that this one need not be waited for any longer. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pulse('last');
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    // From here on it is not away but given up.
    this.#isUp = false;
    this.#isOver = true;
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  #beat(): void {
    const now = performance.now();
    if (this.#isUp && now >= this.#holdsUntil) this.#down('pulses do not come back');
    if (!this.#isUp && now - this.#changedAt > GIVE_UP_AFTER) this.#reconnect();
    void this.#pulse(this.#isUp ? 'beat' : 'probe');
  }

  #pulse(kind: Pulse['kind']): Promise<unknown> {
    const pulse: Pulse = { node: this.node, kind, sentAt: performance.now() };
    return this.publish(PULSES, JSON.stringify(pulse)).catch(() => undefined);
  }

  #heard(pulse: Pulse): void {
    const { node, kind, sentAt } = pulse;
    if (kind === 'probe') {
      if (node === this.node) void this.#pulse('beat');
      return;
    }
    for (const listener of this.#onPulse) listener(pulse);
    if (node !== this.node || kind === 'last') return;
    const now = performance.now();
    // Nobody has looked since it ran out: others may have given us up meanwhile.
    if (this.#isUp && now >= this.#holdsUntil) this.#down('pulses came back too late');
    this.#holdsUntil = Math.max(this.#holdsUntil, sentAt + PULSE_HOLDS);
    if (!this.#isUp && now < this.#holdsUntil) this.#become(true);
  }

  #down(reason: string): void {
    this.#holdsUntil = -Infinity;
    if (!this.#isUp) return;
    this.log.warn('redis is away', { reason });
    this.#become(false);
  }

  #become(isUp: boolean): void {
    this.#isUp = isUp;
    this.#changedAt = performance.now();
    this.metrics.redisUp.set(isUp ? 1 : 0);
    if (isUp) this.log.info('redis is up');
    this.#complaint = '';
    for (const listener of this.#onChange) listener(isUp);
  }

  /** Once for each kind of complaint: a connection that is refused is tried again every second. */
  #complain(error: string): void {
    if (this.#isOver || error === this.#complaint) return;
    this.#complaint = error;
    this.log.warn('redis cannot be used', { error });
  }

  #reconnect(): void {
    this.#changedAt = performance.now();
    for (const client of [this.commands, this.subscriber]) {
      if (client.status === 'ready' || client.status === 'connect') client.disconnect(true);
    }
  }
}
