/**
 * A database with many messages, made in bulk below a running server. Rows are copies of rows that the server itself has
 * written, with what must differ set anew; so columns this file has never heard of hold what the server puts there.
 */
import type { RunningServer } from '@parley/e2e/harness';
import type { Conversation, CreateConversation, Message } from '@parley/protocol';
import { concurrently } from './concurrently.js';
import { LIGHT_READER_SITS_IN, READER_SITS_IN, type Shape, shapeOf, stretches } from './archive-shape.js';
import type { SharedPostgres } from './database.js';
import { call, type Person, registerPeople } from './people.js';
import { round } from './statistics.js';

/** What the rows are copies of. */
interface Models {
  readonly direct: string;
  readonly group: string;
  readonly message: string;
}

const MEMBERS = 5;
/** What one statement writes: enough to be quick, and several for each writer. */
const CONVERSATIONS_AT_A_TIME = 100;
const SENDING_AT_A_TIME = 16;
const MESSAGES_AT_A_TIME = 100_000;
/** Each reader has some messages left to read in every conversation, fewer than this. */
const MOST_UNREAD = 20;
const EPOCH = `timestamptz '2026-01-01'`;

export class Archive {
  /** Messages in the long conversation. */
  longLength = 0;
  conversations = 0;
  secondsToWrite = 0;

  private constructor(
    readonly server: RunningServer,
    readonly postgres: SharedPostgres,
    readonly seed: number,
    /** In the long conversation, and in `READER_SITS_IN` others. */
    readonly reader: Person,
    readonly lightReader: Person,
    private readonly peer: Person,
    readonly longConversationId: string,
    private readonly models: Models,
    private readonly shape: Shape,
  ) {}

  /** Prepares an archive that will hold so many messages; it is still empty. */
  static async begin(
    server: RunningServer,
    postgres: SharedPostgres,
    { messages, seed }: { messages: number; seed: number },
  ): Promise<Archive> {
    const [reader, lightReader, peer, ...members] = await registerPeople(server.url, MEMBERS + 2);
    if (!reader || !lightReader || !peer) throw new Error('An archive needs people.');
    const begin = async (conversation: CreateConversation): Promise<string> =>
      (await call<Conversation>(`${server.url}/conversations`, reader.token, conversation)).id;
    const participantIds = [peer, ...members].map(({ userId }) => userId);
    const long = await begin({ type: 'group', name: 'Long', participantIds });
    const group = await begin({ type: 'group', name: 'Model', participantIds });
    const direct = await begin({ type: 'direct', participantIds: [peer.userId] });
    const sending = { conversationId: group, clientMessageId: 'model', content: 'Model' };
    const message = await call<Message>(`${server.url}/messages`, peer.token, sending);
    const models = { direct, group, message: message.id };
    return new Archive(server, postgres, seed, reader, lightReader, peer, long, models, shapeOf(messages));
  }

  get messages(): number {
    return this.longLength + this.conversations * this.shape.commonLength;
  }

  /** Brings it to a share of its full size; where it is there already nothing happens. */
  async growTo(share: number): Promise<void> {
    if (this.conversations >= Math.floor(this.shape.conversations * share)) return;
    const startedAt = performance.now();
    const longLength = Math.floor(this.shape.longLength * share);
    const conversations = Math.floor(this.shape.conversations * share);
    const long = stretches(this.longLength + 1, longLength, MESSAGES_AT_A_TIME);
    const common = stretches(this.conversations + 1, conversations, CONVERSATIONS_AT_A_TIME);
    await this.#copyConversations(this.conversations + 1, conversations);
    const statements: string[] = [];
    for (const stretch of long) statements.push(await this.#longMessages(...stretch));
    for (const stretch of common) statements.push(await this.#commonMessages(...stretch));
    await this.postgres.inBulk(statements);
    await this.postgres.inBulk([
      `UPDATE conversations SET last_seq = ${longLength}, rev = ${longLength} WHERE id = '${this.longConversationId}'`,
      `UPDATE participants SET last_read_seq = ${longLength}, last_delivered_seq = ${longLength}
       WHERE conversation_id = '${this.longConversationId}'`,
      'VACUUM',
    ]);
    await this.postgres.settle();
    const seconds = (performance.now() - startedAt) / 1_000;
    const written = this.messages;
    this.longLength = longLength;
    this.conversations = conversations;
    this.secondsToWrite += seconds;
    console.log(
      `${this.messages} messages in the database, ${this.messages - written} of them made in ${round(seconds)} s`,
    );
  }

  /** Writes so many more, through the server, evenly over the conversations of the reader. */
  async writeNews(count: number): Promise<void> {
    const { rows } = await this.postgres.query<{ id: string }>(
      `SELECT ${this.#conversationId('n')} AS id FROM generate_series(1, ${READER_SITS_IN}) AS n`,
    );
    await concurrently(Array.from({ length: count }), SENDING_AT_A_TIME, async (_, number) => {
      const conversationId = rows[number % rows.length]?.id;
      const sending = { conversationId, clientMessageId: `news-${number}`, content: `News ${number}` };
      await call<Message>(`${this.server.url}/messages`, this.peer.token, sending);
    });
  }

  async #copyConversations(from: number, to: number): Promise<void> {
    const numbers = `generate_series(${from}, ${to}) AS n`;
    const model = `CASE WHEN n % 2 = 0 THEN '${this.models.direct}'::uuid ELSE '${this.models.group}'::uuid END`;
    const { commonLength } = this.shape;
    const unread = `${commonLength} - n % ${Math.min(MOST_UNREAD, commonLength)}`;
    const conversations = await this.#copyOf('conversations', {
      id: this.#conversationId('n'),
      direct_key: `CASE WHEN model.direct_key IS NOT NULL THEN 'archive ' || n END`,
      last_seq: `${commonLength}`,
      rev: `${commonLength}`,
      last_activity_at: `${EPOCH} + n * interval '1 minute'`,
    });
    const owner = `CASE WHEN n <= ${READER_SITS_IN} THEN '${this.reader.userId}'::uuid
                        WHEN n <= ${READER_SITS_IN + LIGHT_READER_SITS_IN} THEN '${this.lightReader.userId}'::uuid END`;
    const isReader = `model.user_id = '${this.reader.userId}'`;
    const participants = await this.#copyOf('participants', {
      conversation_id: this.#conversationId('n'),
      user_id: `CASE WHEN ${isReader} THEN ${owner} ELSE model.user_id END`,
      last_read_seq: unread,
      last_delivered_seq: unread,
    });
    await this.postgres.inBulk([`${conversations} FROM ${numbers} JOIN conversations model ON model.id = ${model}`]);
    await this.postgres.inBulk([
      `${participants} FROM ${numbers} JOIN participants model ON model.conversation_id = ${model}
       WHERE NOT ${isReader} OR ${owner} IS NOT NULL`,
    ]);
  }

  async #longMessages(from: number, to: number): Promise<string> {
    const rows = `SELECT '${this.longConversationId}'::uuid AS conversation, 0 AS n, seq
                  FROM generate_series(${from}, ${to}) AS seq`;
    return this.#messages(rows);
  }

  async #commonMessages(from: number, to: number): Promise<string> {
    const rows = `SELECT ${this.#conversationId('n')} AS conversation, n, seq
                  FROM generate_series(${from}, ${to}) AS n, generate_series(1, ${this.shape.commonLength}) AS seq`;
    return this.#messages(rows);
  }

  /** Ids as the server makes them: the time first, so that neighbours in history are neighbours in the index. */
  async #messages(rows: string): Promise<string> {
    const insert = await this.#copyOf('messages', {
      conversation_id: 'row.conversation',
      seq: 'row.seq',
      rev: 'row.seq',
      id: `(lpad(to_hex(1767225600000 + row.seq * 1000), 12, '0') || '7' || substr(row.noise, 1, 3)
            || '8' || substr(row.noise, 4, 15))::uuid`,
      sender_id: `CASE WHEN row.seq % 2 = 0 THEN model.sender_id ELSE '${this.reader.userId}'::uuid END`,
      client_message_id: `'archive-' || row.seq`,
      content: `rpad(row.noise, 100, ' ' || row.noise)`,
      created_at: `${EPOCH} + row.seq * interval '1 second'`,
    });
    return `${insert}
      FROM (SELECT *, md5('${this.seed}/' || n || '/' || seq) AS noise FROM (${rows}) AS plain) AS row,
           (SELECT * FROM messages WHERE conversation_id = '${this.models.group}' AND id = '${this.models.message}') AS model`;
  }

  /** The id of a common conversation, by its number. */
  #conversationId(n: string): string {
    return `md5('${this.seed}/conversation ' || ${n})::uuid`;
  }

  /** Begins an INSERT whose rows are as those of `model`, but for some columns. */
  async #copyOf(table: string, but: Readonly<Record<string, string>>): Promise<string> {
    const columns = await this.postgres.columnsOf(table);
    const values = columns.map((column) => but[column] ?? `model.${column}`);
    return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')}`;
  }
}
