import type { Conversation, Message } from '@parley/sdk';
import {
  CheckCheck,
  Copy,
  Ellipsis,
  Forward,
  History,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  Smile,
  SmilePlus,
  Trash2,
} from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { IconButton } from '../ui/button.js';
import { Menu, MenuItem, MenuLine } from '../ui/menu.js';
import { tell } from '../ui/toasts.js';
import { type Deed, hasVersions, isEditable } from './deeds.js';
import { EmojiMenu, QuickEmojis } from './emoji-menu.js';
import { mayDo } from './rights.js';
import { useReact } from './use-react.js';

/** What one can do with a message. */
export function MessageActions({
  message,
  conversation,
  isOpen,
  onOpenChange,
  onAct,
}: {
  readonly message: Message;
  readonly conversation: Conversation;
  /** Whether the menu is open: a press on the message itself opens it, too. */
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly onAct: (deed: Deed, message: Message) => void;
}) {
  const t = useTranslations('chat.actions');
  const words = useErrorWords();
  const userId = useUserId();
  const react = useReact(message);
  const { content, pinned, id, messageType, senderId } = message;
  const mayPost = mayDo(conversation, 'post');
  const pin = () =>
    void (pinned ? parley.messages.unpin(id) : parley.messages.pin(id)).catch((error: unknown) => tell(words(error)));
  const copy = () =>
    void navigator.clipboard.writeText(content ?? '').then(
      () => tell(t('copied')),
      () => tell(words(null)),
    );
  const item = (deed: Deed, Icon: typeof Reply, isDanger = false) => (
    <MenuItem icon={<Icon size={18} />} isDanger={isDanger} onSelect={() => onAct(deed, message)}>
      {t(deed)}
    </MenuItem>
  );
  return (
    <div className="-my-2 flex shrink-0 self-center opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-data-[state=open]:opacity-100 pointer-coarse:opacity-70">
      {mayPost && (
        <EmojiMenu
          trigger={
            <IconButton label={t('react')} className="size-8 pointer-coarse:hidden">
              <SmilePlus aria-hidden size={18} />
            </IconButton>
          }
          onPick={(emoji) => react(emoji, false)}
        />
      )}
      {mayPost && (
        <IconButton label={t('reply')} onClick={() => onAct('reply', message)} className="size-8 pointer-coarse:hidden">
          <Reply aria-hidden size={18} />
        </IconButton>
      )}
      <Menu
        isOpen={isOpen}
        onOpenChange={onOpenChange}
        trigger={
          <IconButton label={t('more')} className="size-8">
            <Ellipsis aria-hidden size={18} />
          </IconButton>
        }
      >
        {mayPost && (
          <>
            <QuickEmojis onPick={(emoji) => react(emoji, false)} />
            <MenuLine />
            {item('reply', Reply)}
          </>
        )}
        {item('thread', MessagesSquare)}
        {content !== null && (
          <MenuItem icon={<Copy size={18} />} onSelect={copy}>
            {t('copy')}
          </MenuItem>
        )}
        {messageType !== 'poll' && item('forward', Forward)}
        {mayDo(conversation, 'pin') && (
          <MenuItem icon={pinned ? <PinOff size={18} /> : <Pin size={18} />} onSelect={pin}>
            {t(pinned ? 'unpin' : 'pin')}
          </MenuItem>
        )}
        {isEditable(message, userId) && item('edit', Pencil)}
        {senderId === userId && item('status', CheckCheck)}
        {message.reactions.length > 0 && item('reactors', Smile)}
        {hasVersions(message, conversation, userId) && item('versions', History)}
        <MenuLine />
        {item('delete', Trash2, true)}
      </Menu>
    </div>
  );
}
