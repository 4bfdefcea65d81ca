/**
 * The reference: what Socket.IO and PostgreSQL give with nothing in between. No framework, no authentication, no checks;
 * but an acknowledgement means a flushed commit and a message is stored once, as with the server it is held against.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '@parley/protocol';
import { NAMESPACE } from '@parley/protocol';
import pg from 'pg';
import { Server } from 'socket.io';

export type FromPrototype =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'memory'; readonly memory: NodeJS.MemoryUsage };

type Sending = Pick<Message, 'conversationId' | 'senderId' | 'content'> & { readonly clientMessageId: string };

interface Waiting {
  readonly message: Message;
  readonly stored: (error?: Error) => void;
}

/** As many writers as the server has; a conversation always takes the same one, which keeps its order. */
const LANES = 2;
const BATCH = 1_000;

const TABLE = `
  DROP TABLE IF EXISTS messages;
  CREATE TABLE messages (
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    sender_id uuid NOT NULL,
    client_message_id text COLLATE "C" NOT NULL,
    content text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (conversation_id, sender_id, client_message_id)
  )`;

const INSERT = {
  name: 'append',
  text: `INSERT INTO messages (conversation_id, seq, id, sender_id, client_message_id, content, created_at)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])`,
};

/** Writes what waits as one batch, while the next one gathers. */
class Lane {
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(private readonly client: pg.Client) {}

  append(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, stored: (error) => (error ? reject(error) : resolve()) });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    // Whatever the sockets deliver in this very turn goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const failure = await this.#insert(batch.map(({ message }) => message)).catch((error: Error) => error);
      for (const { stored } of batch) stored(failure);
    }
    this.#writing = false;
  }

  async #insert(batch: readonly Message[]): Promise<undefined> {
    await this.client.query({
      ...INSERT,
      values: [
        batch.map((message) => message.conversationId),
        batch.map((message) => message.seq),
        batch.map((message) => message.id),
        batch.map((message) => message.senderId),
        batch.map((message) => message.clientMessageId),
        batch.map((message) => message.content),
        batch.map((message) => message.createdAt),
      ],
    });
  }
}

async function openLanes(url: string): Promise<Lane[]> {
  const clients = Array.from({ length: LANES }, () => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  await clients[0]?.query(TABLE);
  return clients.map((client) => new Lane(client));
}

/** The same fields as the server's message, so that both put the same bytes on the wire. */
function toMessage(sending: Sending, seq: number): Message {
  return {
    id: randomUUID(),
    conversationId: sending.conversationId,
    seq,
    rev: seq,
    senderId: sending.senderId,
    clientMessageId: sending.clientMessageId,
    messageType: 'text',
    content: sending.content,
    metadata: {},
    attachments: [],
    replyTo: null,
    reactions: [],
    mentions: [],
    isEdited: false,
    editedAt: null,
    deletedAt: null,
    createdAt: new Date().toISOString(),
  };
}

/** Listens on a free port and returns it. Without a database URL it only holds connections. */
async function listen(databaseUrl: string | undefined): Promise<number> {
  const lanes = databaseUrl === undefined ? [] : await openLanes(databaseUrl);
  const conversations = new Map<string, { seq: number; lane: Lane | undefined }>();
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  const clients = io.of(NAMESPACE);

  clients.on('connection', (socket) => {
    const { userId: senderId, conversationId } = socket.handshake.auth as { userId: string; conversationId: string };
    void socket.join([senderId, conversationId]);
    const conversation = conversations.get(conversationId) ?? { seq: 0, lane: lanes[conversations.size % LANES] };
    conversations.set(conversationId, conversation);

    socket.on('send_message', async (sending: Omit<Sending, 'senderId'>, acknowledge: (answer: unknown) => void) => {
      const message = toMessage({ ...sending, senderId }, (conversation.seq += 1));
      await conversation.lane?.append(message);
      const { id, clientMessageId, seq, rev, createdAt } = message;
      acknowledge({ ok: true, data: { id, clientMessageId, seq, rev, createdAt } });
      clients.to(conversationId).emit('new_message', message);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
}

function tell(message: FromPrototype): void {
  process.send?.(message);
}

process.on('message', () => tell({ kind: 'memory', memory: process.memoryUsage() }));
process.once('disconnect', () => process.exit(0));
tell({ kind: 'listening', port: await listen(process.env['DATABASE_URL']) });
