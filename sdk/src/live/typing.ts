import type { Connection } from '../connection.js';

/** Others are told again that somebody is typing after this long, in ms. */
const AGAIN = 3_000;
/** Who has not typed for this long has stopped, in ms. */
const STOP = 6_000;
const TIMEOUT = 5_000;

/**
 * Tells others that this person is typing. To be called at every key: it is told at most every three seconds, and that
 * it has ended six seconds after the last key.
 * @example
 * input.oninput = () => parley.typing.start(chat);
 * form.onsubmit = () => parley.typing.stop(chat);
 */
export class Typing {
  readonly #running = new Map<string, { toldAt: number; timer: ReturnType<typeof setTimeout> }>();

  constructor(private readonly connection: Pick<Connection, 'state' | 'request'>) {}

  start(conversationId: string): void {
    const running = this.#running.get(conversationId);
    clearTimeout(running?.timer);
    const now = Date.now();
    const isDue = running === undefined || now - running.toldAt >= AGAIN;
    const timer = setTimeout(() => this.stop(conversationId), STOP);
    this.#running.set(conversationId, { toldAt: isDue ? now : running.toldAt, timer });
    if (isDue) this.#tell(conversationId, true);
  }

  /** To be called when what was typed has been sent or given up. */
  stop(conversationId: string): void {
    const running = this.#running.get(conversationId);
    if (!running) return;
    clearTimeout(running.timer);
    this.#running.delete(conversationId);
    this.#tell(conversationId, false);
  }

  /** It is of the moment only: without a connection, or refused, it is not told. */
  #tell(conversationId: string, isTyping: boolean): void {
    if (this.connection.state !== 'connected') return;
    this.connection.request('typing', { conversationId, isTyping }, TIMEOUT).catch(() => undefined);
  }
}
