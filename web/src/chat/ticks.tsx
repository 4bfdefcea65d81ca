import type { ConversationState } from '@parley/sdk';
import { Check, CheckCheck, Clock } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useUserId } from '../app/use-store.js';
import { classNames } from '../ui/class-names.js';

/** What has become of one's own message: by the peer's marks, or in a group once everyone on record has it. */
function standing({ conversation, receipts }: ConversationState, seq: number, userId: string) {
  const others = conversation.peerMarks
    ? [conversation.peerMarks]
    : [...(receipts ?? [])].filter(([id]) => id !== userId).map(([, marks]) => marks);
  if (others.length === 0) return 'sent';
  if (others.every(({ lastReadSeq }) => lastReadSeq >= seq)) return 'read';
  return others.every(({ lastDeliveredSeq }) => lastDeliveredSeq >= seq) ? 'delivered' : 'sent';
}

/** Ticks as people know them: one when it is on the server, two when it has arrived, coloured when it was read. */
export function Ticks({
  state,
  seq,
  className,
}: {
  readonly state: ConversationState;
  readonly seq: number;
  readonly className?: string;
}) {
  const t = useTranslations('chat.ticks');
  const userId = useUserId();
  const at = standing(state, seq, userId);
  const Icon = at === 'sent' ? Check : CheckCheck;
  return (
    <Icon
      aria-label={t(at)}
      role="img"
      size={16}
      className={classNames(at === 'read' && 'text-accent-strong', className)}
    />
  );
}

/** A message that is not on the server yet. */
export function SendingTick() {
  const t = useTranslations('chat.ticks');
  return <Clock aria-label={t('sending')} role="img" size={14} />;
}
