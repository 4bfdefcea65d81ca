import { connect as connectTcp, type Socket } from 'node:net';
import { StanzaReader } from './stanza-reader.js';

export interface Account {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** The one domain of the peer, and what every client calls itself. */
export const DOMAIN = 'localhost';
export const RESOURCE = 'bench';
const STREAM =
  `<?xml version='1.0'?><stream:stream to='${DOMAIN}' version='1.0' xmlns='jabber:client' ` +
  `xmlns:stream='http://etherx.jabber.org/streams'>`;
const HANDSHAKE_TIMEOUT = 30_000;

/** The little of XMPP (RFC 6120) that a load generator needs: PLAIN, a resource, messages. No TLS, as on our side. */
export class XmppConnection {
  readonly #socket: Socket;
  readonly #stanzas = new StanzaReader((stanza) => this.#receive(stanza));
  #settle: ((refusal: Error | null) => void) | null = null;
  #authenticated = false;
  #closing = false;
  listener: { message?(stanza: string): void; lost?(reason: string): void } = {};

  private constructor(private readonly account: Account) {
    this.#socket = connectTcp({ host: '127.0.0.1', port: account.port, noDelay: true });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => this.#stanzas.push(text));
    this.#socket.once('error', (error) => this.#lose(error.message));
    this.#socket.once('close', () => this.#lose('closed'));
  }

  /** Resolves when the server has given us our resource. */
  static async open(account: Account): Promise<XmppConnection> {
    const connection = new XmppConnection(account);
    const timeout = setTimeout(() => connection.#lose('no answer to the handshake'), HANDSHAKE_TIMEOUT);
    await new Promise<void>((resolve, reject) => {
      connection.#settle = (refusal) => (refusal ? reject(refusal) : resolve());
      connection.#socket.once('connect', () => connection.send(STREAM));
    }).finally(() => clearTimeout(timeout));
    return connection;
  }

  send(stanza: string): void {
    this.#socket.write(stanza);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #receive(stanza: string): void {
    if (stanza.startsWith('<message')) {
      this.listener.message?.(stanza);
    } else if (stanza.startsWith('<stream:features')) {
      this.send(this.#authenticated ? bind() : authenticate(this.account));
    } else if (stanza.startsWith('<success')) {
      this.#authenticated = true;
      this.send(STREAM);
    } else if (stanza.startsWith('<iq') && stanza.includes("id='bind'")) {
      if (stanza.includes("type='result'")) this.#answerHandshake(null);
      else this.#lose(stanza);
    } else if (stanza.startsWith('<failure') || stanza.startsWith('<stream:error')) {
      this.#lose(stanza);
    }
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

function authenticate({ username, password }: Account): string {
  const secret = Buffer.from(`\0${username}\0${password}`).toString('base64');
  return `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`;
}

const bind = (): string =>
  `<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>` +
  `<resource>${RESOURCE}</resource></bind></iq>`;
