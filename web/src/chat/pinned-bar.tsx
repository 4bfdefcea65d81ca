import type { ConversationState } from '@parley/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { MessageLine } from '../conversations/message-line.js';

/** What is pinned, on top of the conversation: the last one first; each press goes there and on to the one before. */
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
  const { data: pins = [] } = useQuery({
    queryKey: ['pins', id, known],
    queryFn: () => parley.conversations.pins(id),
    // Going to a pin loads it, and must not take the bar from under the finger.
    placeholderData: keepPreviousData,
  });
  const newest = pins[0]?.id;
  const [turn, setTurn] = useState({ newest, at: 0 });
  // Another one that is pinned last is shown first, wherever one was.
  const at = turn.newest === newest ? turn.at % Math.max(pins.length, 1) : 0;
  const shown = pins[at];
  if (!shown) return null;
  const goOn = () => {
    onJump(shown.seq);
    setTurn({ newest, at: at + 1 });
  };
  return (
    <button
      type="button"
      onClick={goOn}
      className="flex items-center gap-3 border-b border-line bg-ground px-4 py-2 text-left hover:bg-hover"
    >
      <Pin aria-hidden size={16} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block text-xs font-medium text-accent">
          {t('pinned', { number: at + 1, count: pins.length })}
        </span>
        <span dir="auto" className="block truncate text-sm">
          <MessageLine message={shown} />
        </span>
      </span>
    </button>
  );
}
