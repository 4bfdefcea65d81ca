import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Page, PageQuery, RevokedReason, Session, TokenPair } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import { hashSecret, newId, newSecret } from '../platform/ids.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { DEFAULT_TENANT } from '../tenants/index.js';
import { AccessTokens } from './access-tokens.js';
import type { SessionEntity } from './session.entity.js';
import { type EndedSession, SessionsRepository } from './sessions.repository.js';

/** Where a session is opened from. */
export interface Device {
  readonly name: string | undefined;
  readonly address: string;
}

/** Clients that present one refresh token within this time all keep what they are given for it, in ms. */
const REUSE_GRACE = 10_000;
/** A client whose answer was lost may ask again within this time, in ms. */
const LOST_ANSWER_WITHIN = 86_400_000;
/** For how long a session found open is believed to be so, in ms. Ends on this node take effect at once. */
const BELIEVE_OPEN_FOR = 2_000;
/** The most sessions remembered as open; beyond it the oldest are asked for again. */
const REMEMBERED = 200_000;
const LAST_USED_PRECISION = 60_000;

const SessionCursor = z.tuple([SortTime, z.guid()]);

/** Sessions: opened at sign-in, carried on by rotating refresh tokens, ended on every node within seconds. */
@Injectable()
export class SessionsService implements OnModuleInit {
  readonly #believedOpen = new Map<string, { viewer: Viewer; until: number }>();
  /** How many ends of sessions this node has heard of: what was read before the latest may be out of date. */
  #ends = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokens,
    private readonly realtime: Realtime,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.events.on('session.closed', ({ sessionId }) => {
      this.#ends += 1;
      this.#believedOpen.delete(sessionId);
    });
  }

  async open(tx: Tx, user: { tenantId: string; id: string }, device: Device): Promise<TokenPair> {
    const now = this.clock.now();
    const session: SessionEntity = {
      tenantId: user.tenantId,
      id: newId(),
      userId: user.id,
      deviceName: device.name ?? null,
      address: device.address,
      createdAt: now,
      lastUsedAt: now,
      endedAt: null,
      endReason: null,
    };
    await this.sessions.insert(tx, session);
    return this.#issue(tx, { tenantId: user.tenantId, userId: user.id, sessionId: session.id }, null);
  }

  /** Who holds this access token; its session is asked for again every few seconds. */
  async authenticate(accessToken: string): Promise<Viewer> {
    const viewer = await this.tokens.read(accessToken);
    const now = this.clock.now();
    if (this.#isBelieved(viewer, now)) return viewer;
    const endsBefore = this.#ends;
    await this.database.read(async (tx) => {
      const open = await this.sessions.findOpen(tx, viewer.tenantId, viewer.sessionId);
      if (open?.userId !== viewer.userId) throw new AppError('session_ended');
      if (now.getTime() - open.lastUsedAt.getTime() > LAST_USED_PRECISION) {
        await this.sessions.touch(tx, viewer.tenantId, viewer.sessionId, now);
      }
    });
    if (this.#ends === endsBefore) this.#believe(viewer, now.getTime() + BELIEVE_OPEN_FOR);
    return viewer;
  }

  /**
   * Exchanges a refresh token for a new pair. A token that was used before ends the whole session, since one of its
   * two holders is a thief; unless nobody has used what was given for it, so that the answer was lost.
   */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const tenantId = DEFAULT_TENANT;
    const tokenHash = hashSecret(refreshToken);
    const pair = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const token = await this.sessions.findRefreshToken(tx, tenantId, tokenHash);
      if (!token || token.endedAt) return null;
      const sinceUsed = token.usedAt === null ? 0 : now.getTime() - token.usedAt.getTime();
      const isLate = sinceUsed > REUSE_GRACE;
      const isReused =
        token.supersededAt !== null ||
        sinceUsed > LOST_ANSWER_WITHIN ||
        (isLate && (await this.sessions.isSuccessorUsed(tx, tenantId, token, tokenHash)));
      if (isReused) {
        await this.end(tx, { tenantId, userId: token.userId, sessionId: token.sessionId }, 'token_reused');
        return null;
      }
      if (token.expiresAt <= now) return null;
      if (isLate) await this.sessions.supersede(tx, tenantId, token, { tokenHash, now });
      const forgetBefore = new Date(now.getTime() - this.config.REFRESH_TOKEN_TTL * 1_000);
      // Who takes it up late has a grace of their own: their tabs ask at the same moment, too.
      const usedAt = isLate ? now : (token.usedAt ?? now);
      await this.sessions.markUsed(tx, tenantId, tokenHash, { usedAt, forgetBefore });
      await this.sessions.touch(tx, tenantId, token.sessionId, now);
      return this.#issue(tx, { tenantId, userId: token.userId, sessionId: token.sessionId }, tokenHash);
    });
    if (!pair) throw new AppError('invalid_refresh_token');
    return pair;
  }

  async list(viewer: Viewer, page: PageQuery): Promise<Page<Session>> {
    const cursor = decodeCursor(SessionCursor, page.cursor);
    const after = cursor && { lastUsedAt: cursor[0], id: cursor[1] };
    const rows = await this.database.read((tx) =>
      this.sessions.listOpen(tx, viewer.tenantId, viewer.userId, { limit: page.limit + 1, after }),
    );
    return toPage(rows, page.limit, {
      item: (row) => toSession(row, viewer),
      key: (row) => [row.lastUsedAt.toISOString(), row.id],
    });
  }

  /** Ends one of the viewer's own sessions; another person's is as unknown as one that never was. */
  async endOne(viewer: Viewer, sessionId: string): Promise<void> {
    const reason: RevokedReason = sessionId === viewer.sessionId ? 'signed_out' : 'ended_elsewhere';
    const ended = await this.database.transaction((tx) => this.end(tx, { ...viewer, sessionId }, reason));
    if (ended.length === 0) throw new AppError('not_found');
  }

  end(tx: Tx, session: Viewer, reason: RevokedReason): Promise<EndedSession[]> {
    const { tenantId, userId, sessionId } = session;
    return this.#announce(tx, this.sessions.end(tx, tenantId, userId, sessionId, reason, this.clock.now()));
  }

  endAll(tx: Tx, tenantId: string, userId: string, reason: RevokedReason): Promise<EndedSession[]> {
    return this.#announce(tx, this.sessions.endAll(tx, tenantId, userId, reason, this.clock.now()));
  }

  /** Removes what an erased account's sessions tell of its owner's devices. */
  forgetDevices(tx: Tx, tenantId: string, userId: string): Promise<void> {
    return this.sessions.forgetDevices(tx, tenantId, userId);
  }

  /** Closes the sockets of sessions that ended since `since`, wherever they were ended. */
  async closeEndedSince(since: Date): Promise<void> {
    const ended = await this.database.read((tx) => this.sessions.endedSince(tx, since));
    for (const { id, userId, reason } of ended) this.realtime.closeSession({ userId, sessionId: id }, reason);
  }

  async #announce(tx: Tx, ending: Promise<EndedSession[]>): Promise<EndedSession[]> {
    const ended = await ending;
    tx.afterCommit(async () => {
      const ends = ended.map(({ id, userId, reason }) => this.realtime.endSession({ userId, sessionId: id }, reason));
      await Promise.all(ends);
    });
    return ended;
  }

  /** Gives a pair for the token of this hash, or for a sign-in. */
  async #issue(tx: Tx, viewer: Viewer, issuedFor: Buffer | null): Promise<TokenPair> {
    const now = this.clock.now();
    const refreshToken = newSecret();
    await this.sessions.insertRefreshToken(tx, {
      tenantId: viewer.tenantId,
      tokenHash: hashSecret(refreshToken),
      sessionId: viewer.sessionId,
      issuedFor,
      createdAt: now,
      expiresAt: new Date(now.getTime() + this.config.REFRESH_TOKEN_TTL * 1_000),
      usedAt: null,
      supersededAt: null,
    });
    return { accessToken: await this.tokens.sign(viewer), refreshToken, expiresIn: this.config.ACCESS_TOKEN_TTL };
  }

  #isBelieved(viewer: Viewer, now: Date): boolean {
    const believed = this.#believedOpen.get(viewer.sessionId);
    if (!believed || now.getTime() >= believed.until) return false;
    return believed.viewer.userId === viewer.userId && believed.viewer.tenantId === viewer.tenantId;
  }

  #believe(viewer: Viewer, until: number): void {
    // Deleting first moves the entry to the end: the map is in order of age.
    this.#believedOpen.delete(viewer.sessionId);
    this.#believedOpen.set(viewer.sessionId, { viewer, until });
    if (this.#believedOpen.size > REMEMBERED) {
      const [oldest] = this.#believedOpen.keys();
      if (oldest !== undefined) this.#believedOpen.delete(oldest);
    }
  }
}

const toSession = (row: SessionEntity, viewer: Viewer): Session => ({
  id: row.id,
  deviceName: row.deviceName,
  address: row.address,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt.toISOString(),
  current: row.id === viewer.sessionId,
});
