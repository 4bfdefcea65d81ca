import { useTranslations } from 'use-intl';
import { usePresence } from '../app/presence.js';

const COLOURS = { online: 'bg-here', away: 'bg-warn', busy: 'bg-danger' } as const;

/** A dot on somebody's picture while they can be reached. */
export function PresenceDot({ userId }: { readonly userId: string }) {
  const t = useTranslations('conversations.presence');
  const presence = usePresence(userId);
  if (!presence || presence.status === 'offline') return null;
  return (
    <span
      className={`absolute -right-0.5 bottom-0 size-3.5 rounded-full border-2 border-ground ${COLOURS[presence.status]}`}
    >
      <span className="sr-only">{t(presence.status)}</span>
    </span>
  );
}
