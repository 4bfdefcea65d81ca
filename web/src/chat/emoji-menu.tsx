import { Ellipsis } from 'lucide-react';
import { DropdownMenu, Popover } from 'radix-ui';
import { lazy, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { POPULAR } from '../emoji/popular.js';
import { Loading } from '../ui/loading.js';
import { hasFinePointer } from '../ui/pointer.js';

const EmojiPicker = lazy(() => import('../emoji/emoji-picker.js').then((module) => ({ default: module.EmojiPicker })));

/** Emojis: those that are used most, a press away, and all others behind one more; or all of them at once. */
export function EmojiMenu({
  trigger,
  onPick,
  startsOpen = false,
  startsWhole = false,
}: {
  readonly trigger: ReactNode;
  readonly onPick: (emoji: string) => void;
  readonly startsOpen?: boolean;
  readonly startsWhole?: boolean;
}) {
  const t = useTranslations('chat');
  const [isOpen, setOpen] = useState(startsOpen);
  const [isWhole, setWhole] = useState(startsWhole);
  const pick = (emoji: string) => {
    setOpen(false);
    onPick(emoji);
  };
  const change = (open: boolean) => {
    setOpen(open);
    setWhole(startsWhole);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={change}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('emoji')}
          onOpenAutoFocus={(event) => {
            if (hasFinePointer()) return;
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          // What is chosen may have moved the focus to where one writes.
          onCloseAutoFocus={(event) => {
            if (document.activeElement?.closest('textarea')) event.preventDefault();
          }}
          className="z-50 flex max-h-(--radix-popover-content-available-height) flex-col overflow-y-auto rounded-xl border border-line bg-raised p-2 text-ink shadow-lg"
        >
          {isWhole ? (
            <LatePart standIn={<Loading />} onMissing={() => setWhole(false)}>
              <EmojiPicker onPick={pick} />
            </LatePart>
          ) : (
            <div className="grid grid-cols-6 gap-1">
              {POPULAR.map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  onClick={() => pick(emoji)}
                  className="flex size-10 items-center justify-center rounded-lg text-2xl hover:bg-hover"
                >
                  {emoji}
                </button>
              ))}
              <button
                type="button"
                aria-label={t('allEmojis')}
                title={t('allEmojis')}
                onClick={() => setWhole(true)}
                className="flex size-10 items-center justify-center rounded-lg text-soft hover:bg-hover"
              >
                <Ellipsis aria-hidden size={20} />
              </button>
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The few that are used most of all, in a row within another menu. */
export const QuickEmojis = ({ onPick }: { readonly onPick: (emoji: string) => void }) => (
  <DropdownMenu.Group className="flex justify-between px-1">
    {POPULAR.slice(0, 6).map((emoji) => (
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
