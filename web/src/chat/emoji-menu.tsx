import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏', '🤔', '✅', '👀'];

/** The emojis that are used most, a press away. */
export const EmojiMenu = ({
  trigger,
  onPick,
}: {
  readonly trigger: ReactNode;
  readonly onPick: (emoji: string) => void;
}) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        sideOffset={4}
        collisionPadding={8}
        className="z-50 grid grid-cols-6 gap-1 rounded-xl border border-line bg-raised p-2 shadow-lg"
      >
        {QUICK.map((emoji) => (
          <DropdownMenu.Item
            key={emoji}
            onSelect={() => onPick(emoji)}
            className="flex size-10 cursor-pointer items-center justify-center rounded-lg text-2xl outline-none data-highlighted:bg-hover"
          >
            {emoji}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);

/** The few that are used most of all, in a row within another menu. */
export const QuickEmojis = ({ onPick }: { readonly onPick: (emoji: string) => void }) => (
  <DropdownMenu.Group className="flex justify-between px-1">
    {QUICK.slice(0, 6).map((emoji) => (
      <DropdownMenu.Item
        key={emoji}
        onSelect={() => onPick(emoji)}
        className="flex size-9 cursor-pointer items-center justify-center rounded-lg text-xl outline-none data-highlighted:bg-hover"
      >
        {emoji}
      </DropdownMenu.Item>
    ))}
  </DropdownMenu.Group>
);
