import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { NAMESPACE } from '@parley/protocol';
import { FrameReader, textFrame } from './frames.js';

/** What a connection tells; texts are the raw JSON, for whoever listens needs but a word of it. */
export interface Listener {
  /** `["new_message",{…}]` */
  event?(text: string): void;
  /** `[{"ok":true,…}]`, for the event that was emitted with this number. */
  acknowledged?(id: number, text: string): void;
  /** The server ended the connection, or it broke. */
  lost?(reason: string): void;
}

/** What `auth` is to Socket.IO's own client. */
export type Auth = Readonly<Record<string, unknown>>;

export interface Endpoint {
  readonly port: number;
  readonly auth: Auth;
}

/** All connections read into this one, since what is read is used at once. */
const shared = Buffer.allocUnsafe(256 * 1_024);
/** Packets as Engine.IO and Socket.IO write them, up to where the JSON begins. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = `40${NAMESPACE},`;
const EVENT = `42${NAMESPACE},`;
const ACK = `43${NAMESPACE},`;
const CONNECT_ERROR = `44${NAMESPACE},`;
const HANDSHAKE_TIMEOUT = 30_000;

/** A client of a Socket.IO server over a WebSocket, without reconnection, time-outs for answers or parsing. */
export class Connection {
  readonly #socket: Socket;
  readonly #frames = new FrameReader(
    (text) => this.#receive(text),
    () => this.#lose('closed by the server'),
  );
  #head = '';
  #upgraded = false;
  #closing = false;
  #settle: ((refusal: Error | null) => void) | null = null;
  listener: Listener = {};

  private constructor(private readonly endpoint: Endpoint) {
    this.#socket = connectTcp({
      host: '127.0.0.1',
      port: endpoint.port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.#read(length);
          return true;
        },
      },
    });
    this.#socket.once('error', (error) => this.#lose(error.message));
    this.#socket.once('close', () => this.#lose('closed'));
  }

  /** Resolves when the namespace has admitted us, rejects when it refuses. */
  static async open(endpoint: Endpoint): Promise<Connection> {
    const connection = new Connection(endpoint);
    const timeout = setTimeout(() => connection.#lose('no answer to the handshake'), HANDSHAKE_TIMEOUT);
    await new Promise<void>((resolve, reject) => {
      connection.#settle = (refusal) => (refusal ? reject(refusal) : resolve());
      connection.#socket.once('connect', () => connection.#upgrade());
    }).finally(() => clearTimeout(timeout));
    return connection;
  }

  /** Emits an event whose arguments are given as JSON, such as `["typing",{…}]`; the answer carries the number. */
  emit(id: number, json: string): void {
    this.#send(`${EVENT}${id}${json}`);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #upgrade(): void {
    this.#socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n' +
        `Host: 127.0.0.1:${this.endpoint.port}\r\n` +
        'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  #read(length: number): void {
    if (this.#upgraded) this.#frames.push(shared.subarray(0, length));
    else this.#readHead(shared.toString('latin1', 0, length));
  }

  #readHead(text: string): void {
    this.#head += text;
    const end = this.#head.indexOf('\r\n\r\n');
    if (end === -1) return;
    if (!this.#head.startsWith('HTTP/1.1 101')) return this.#lose(this.#head.slice(0, this.#head.indexOf('\r\n')));
    this.#upgraded = true;
    this.#frames.push(Buffer.from(this.#head.slice(end + 4), 'latin1'));
  }

  #receive(packet: string): void {
    if (packet.startsWith(EVENT)) {
      this.listener.event?.(packet.slice(EVENT.length));
    } else if (packet.startsWith(ACK)) {
      const bracket = packet.indexOf('[', ACK.length);
      this.listener.acknowledged?.(Number(packet.slice(ACK.length, bracket)), packet.slice(bracket));
    } else if (packet === PING) {
      this.#send(PONG);
    } else if (packet.startsWith(OPEN)) {
      this.#send(CONNECT + JSON.stringify(this.endpoint.auth));
    } else if (packet.startsWith(CONNECT)) {
      this.#answerHandshake(null);
    } else if (packet.startsWith(CONNECT_ERROR)) {
      this.#answerHandshake(new Error(`refused: ${packet.slice(CONNECT_ERROR.length)}`));
    }
  }

  /** One write for each: together they would be cheaper, but so many people do not share a cable. */
  #send(text: string): void {
    this.#socket.write(textFrame(text));
  }

  #answerHandshake(refusal: Error | null): void {
    this.#settle?.(refusal);
    this.#settle = null;
  }

  #lose(reason: string): void {
    if (this.#closing) return;
    this.close();
    this.#answerHandshake(new Error(`connection lost: ${reason}`));
    this.listener.lost?.(reason);
  }
}
