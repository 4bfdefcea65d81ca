import type { Conversation } from '@parley/sdk';
import { useNow } from 'use-intl';
import { mayDo } from './rights.js';

/** Why the reader may not write here: silenced until a moment, or by their role; null where they may. */
export function useSilence(conversation: Conversation): { readonly until: Date | null; readonly now: Date } | null {
  const now = useNow({ updateInterval: 10_000 });
  const { silencedUntil } = conversation.me;
  const until = silencedUntil === null ? null : new Date(silencedUntil);
  if (until !== null && until > now) return { until, now };
  return mayDo(conversation, 'post') ? null : { until: null, now };
}
