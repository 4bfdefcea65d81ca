import type { ConversationState } from '@parley/sdk';
import { useQuery } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { MessageLine } from '../conversations/message-line.js';

/** The message that was pinned last, on top of the conversation. */
export function PinnedBar({
  state,
  onJump,
}: {
  readonly state: ConversationState;
  readonly onJump: (seq: number) => void;
}) {
  const t = useTranslations('chat');
  const { id } = state.conversation;
  // Pins that are loaded say when the list has to be read again.
  const known = state.messages.flatMap(({ pinned, seq }) => (pinned ? [`${seq} ${pinned.at}`] : [])).join(',');
  const { data: pins } = useQuery({ queryKey: ['pins', id, known], queryFn: () => parley.conversations.pins(id) });
  const latest = pins?.at(-1);
  if (!latest) return null;
  return (
    <button
      type="button"
      onClick={() => onJump(latest.seq)}
      className="flex items-center gap-3 border-b border-line bg-ground px-4 py-2 text-left hover:bg-hover"
    >
      <Pin aria-hidden size={16} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block text-xs font-medium text-accent">{t('pinned', { count: pins?.length ?? 1 })}</span>
        <span dir="auto" className="block truncate text-sm">
          <MessageLine message={latest} />
        </span>
      </span>
    </button>
  );
}
