import type { SaveDraft } from '@parley/protocol';
import { parley } from '../app/parley.js';

/** What somebody has begun to write, for as long as the server does not have it; empty where it is to be forgotten. */
export interface KeptDraft {
  readonly content: string;
  readonly replyToId?: string | undefined;
}

const PREFIX = 'parley.draft.';
const keyOf = (userId: string, conversationId: string): string => `${PREFIX}${userId}.${conversationId}`;

/** What this device has of a draft that the server does not have yet. */
export function keptDraft(userId: string, conversationId: string): KeptDraft | undefined {
  return read(keyOf(userId, conversationId));
}

/** Keeps what is typed over a reload. */
export function keepDraft(userId: string, conversationId: string, draft: KeptDraft): void {
  localStorage.setItem(keyOf(userId, conversationId), JSON.stringify(draft));
}

/** The server has it now, unless something else was typed meanwhile. */
export function releaseDraft(userId: string, conversationId: string, content: string): void {
  const key = keyOf(userId, conversationId);
  if (read(key)?.content === content) localStorage.removeItem(key);
}

/** Has the server keep a draft, or forget it. */
export const storeDraft = (conversationId: string, { content, replyToId }: KeptDraft): Promise<unknown> =>
  content === ''
    ? parley.conversations.removeDraft(conversationId)
    : parley.conversations.saveDraft(conversationId, {
        content,
        ...(replyToId !== undefined && { replyToId }),
      } satisfies SaveDraft);

/** The conversations in which somebody has begun something that the server does not have. */
function keptBy(userId: string): string[] {
  const prefix = keyOf(userId, '');
  return Object.keys(localStorage).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
}

/** Forgets all that somebody has begun: they leave this device. Who is signed out from elsewhere finds theirs again. */
export function forgetKeptDrafts(userId: string): void {
  for (const conversationId of keptBy(userId)) localStorage.removeItem(keyOf(userId, conversationId));
}

/** Brings to the server what was begun while it was away, and what was sent since and is no draft any more. */
export async function storeKeptDrafts(userId: string): Promise<void> {
  for (const conversationId of keptBy(userId)) {
    const draft = keptDraft(userId, conversationId);
    if (!draft) continue;
    await storeDraft(conversationId, draft).then(
      () => releaseDraft(userId, conversationId, draft.content),
      // It is still here, and is brought with the next connection.
      () => undefined,
    );
  }
}

function read(key: string): KeptDraft | undefined {
  const kept = localStorage.getItem(key);
  if (kept === null) return undefined;
  try {
    const draft = JSON.parse(kept) as unknown;
    if (typeof draft === 'object' && draft !== null && 'content' in draft) return draft as KeptDraft;
  } catch {
    // As it was written before there was a reply to it.
  }
  return { content: kept };
}
