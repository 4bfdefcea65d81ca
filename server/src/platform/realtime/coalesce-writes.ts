import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

type Sent = (error?: Error | null) => void;

/** Above this copying costs more than it saves, and a frame that many connections share would be held by each. */
const MOST_MERGED = 16_384;

/** What one connection is to send at the end of this turn of the event loop. */
class Outgoing {
  #chunks: (Buffer | string)[] = [];
  #length = 0;
  /** Writes the network has not taken yet, and who waits for that. */
  #writing = 0;
  #held: Sent[] = [];

  constructor(private readonly write: (chunk: Buffer | string, sent?: Sent) => boolean) {}

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /**
   * Engine.IO sends the next packets once it hears that the last ones are sent. To a connection that keeps up it is told
   * at once, so that they leave together; for one that does not it has to wait, and sees how much has piled up.
   */
  add(chunk: Buffer | string, sent: Sent | undefined): void {
    this.#chunks.push(chunk);
    this.#length += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    if (!sent) return;
    if (this.#writing > 0) this.#held.push(sent);
    else process.nextTick(sent);
  }

  flush(): void {
    if (this.isEmpty) return;
    const [chunks, length] = [this.#chunks, this.#length];
    this.#chunks = [];
    this.#length = 0;
    this.#writing += 1;
    const done: Sent = (error) => {
      this.#writing -= 1;
      if (this.#writing > 0) return;
      const held = this.#held;
      this.#held = [];
      for (const tell of held) tell(error);
    };
    if (length <= MOST_MERGED) {
      this.write(merge(chunks, length), done);
    } else {
      const last = chunks.pop();
      for (const chunk of chunks) this.write(chunk);
      this.write(last ?? '', done);
    }
  }
}

function merge(chunks: readonly (Buffer | string)[], length: number): Buffer {
  const merged = Buffer.allocUnsafe(length);
  let at = 0;
  for (const chunk of chunks) at += typeof chunk === 'string' ? merged.write(chunk, at) : chunk.copy(merged, at);
  return merged;
}

/** The connections that have something to send at the end of this turn. */
let waiting: Outgoing[] = [];

function flushAll(): void {
  const due = waiting;
  waiting = [];
  for (const outgoing of due) outgoing.flush();
}

/**
 * Lets everything that is written to a connection within one turn of the event loop leave as one buffer. Under load a
 * batch brings each socket several acknowledgements and messages at once, each of two pieces; alone, a frame leaves at the
 * end of its turn.
 */
function coalesce(connection: Duplex): void {
  const outgoing = new Outgoing(connection.write.bind(connection) as Outgoing['write']);
  const end = connection.end.bind(connection);
  connection.write = ((chunk: Buffer | string, encodingOrSent?: BufferEncoding | Sent, maybeSent?: Sent) => {
    if (outgoing.isEmpty) {
      if (waiting.length === 0) setImmediate(flushAll);
      waiting.push(outgoing);
    }
    const [encoding, sent] =
      typeof encodingOrSent === 'string' ? [encodingOrSent, maybeSent] : [undefined, encodingOrSent];
    outgoing.add(encoding && typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk, sent);
    return true;
  }) as Duplex['write'];
  connection.end = ((...last: Parameters<Duplex['end']>) => {
    outgoing.flush();
    return end(...last);
  }) as Duplex['end'];
}

/** Applies to every connection that becomes a WebSocket. */
export function coalesceWrites(server: Server): void {
  server.prependListener('upgrade', (_request, connection: Duplex) => coalesce(connection));
}
