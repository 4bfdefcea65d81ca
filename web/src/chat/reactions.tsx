import type { Message } from '@parley/sdk';
import { useTranslations } from 'use-intl';
import { usePersonName } from '../app/people.js';
import { displayed } from '../text/display.js';
import { classNames } from '../ui/class-names.js';
import { useReact } from './use-react.js';

/** The emojis below a message: pressing one adds or takes back one's own. */
export function Reactions({ message, userId }: { readonly message: Message; readonly userId: string }) {
  const react = useReact(message);
  return (
    <ul
      className={classNames(
        '-mt-1 flex max-w-full flex-wrap gap-1 px-1',
        // Each row of them below its bubble.
        message.senderId === userId && 'justify-end',
      )}
    >
      {message.reactions.map(({ emoji, count, userIds }) => (
        <Chip
          key={emoji}
          emoji={emoji}
          count={count}
          first={userIds.find((id) => id !== userId) ?? ''}
          isOwn={userIds.includes(userId)}
          onPress={() => react(emoji, userIds.includes(userId))}
        />
      ))}
    </ul>
  );
}

function Chip({
  emoji,
  count,
  first,
  isOwn,
  onPress,
}: {
  readonly emoji: string;
  readonly count: number;
  readonly first: string;
  readonly isOwn: boolean;
  readonly onPress: () => void;
}) {
  const t = useTranslations('chat');
  const label = t('reaction', { emoji, count, own: String(isOwn), name: displayed(usePersonName(first)) });
  return (
    <li>
      <button
        type="button"
        aria-pressed={isOwn}
        aria-label={label}
        title={label}
        onClick={onPress}
        className={classNames(
          'flex items-center gap-1 rounded-full border px-2 py-0.5 text-sm shadow-xs',
          isOwn ? 'border-accent bg-own' : 'border-line bg-raised hover:bg-hover',
        )}
      >
        <span aria-hidden>{emoji}</span>
        {count > 1 && <span aria-hidden>{count}</span>}
      </button>
    </li>
  );
}
