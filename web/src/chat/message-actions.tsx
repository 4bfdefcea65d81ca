import type { Conversation, Message } from '@parley/sdk';
import { CheckCheck, Copy, Ellipsis, Forward, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { IconButton } from '../ui/button.js';
import { Menu, MenuItem, MenuLine } from '../ui/menu.js';
import { tell } from '../ui/toasts.js';
import { EmojiMenu } from './emoji-menu.js';
import { mayDo } from './rights.js';
import { useReact } from './use-react.js';

const DeleteDialog = lazy(() => import('./delete-dialog.js').then((module) => ({ default: module.DeleteDialog })));
const ForwardDialog = lazy(() => import('./forward-dialog.js').then((module) => ({ default: module.ForwardDialog })));
const StatusDialog = lazy(() => import('./status-dialog.js').then((module) => ({ default: module.StatusDialog })));

/** What one can do with a message. */
export function MessageActions({
  message,
  conversation,
  onReply,
  onEdit,
}: {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly onReply: (message: Message) => void;
  readonly onEdit: (message: Message) => void;
}) {
  const t = useTranslations('chat.actions');
  const words = useErrorWords();
  const userId = useUserId();
  const react = useReact(message);
  const [dialog, setDialog] = useState<'delete' | 'forward' | 'status'>();
  const close = () => setDialog(undefined);
  const isOwn = message.senderId === userId;
  const { content, pinned, id, messageType } = message;
  const mayPost = mayDo(conversation, 'post');
  const pin = () =>
    void (pinned ? parley.messages.unpin(id) : parley.messages.pin(id)).catch((error: unknown) => tell(words(error)));
  const copy = () =>
    void navigator.clipboard.writeText(content ?? '').then(
      () => tell(t('copied')),
      () => tell(words(null)),
    );
  return (
    <div className="flex shrink-0 self-center opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-data-[state=open]:opacity-100 pointer-coarse:opacity-70">
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
        <IconButton label={t('reply')} onClick={() => onReply(message)} className="size-8 pointer-coarse:hidden">
          <Reply aria-hidden size={18} />
        </IconButton>
      )}
      <Menu
        trigger={
          <IconButton label={t('more')} className="size-8">
            <Ellipsis aria-hidden size={18} />
          </IconButton>
        }
      >
        {content !== null && (
          <MenuItem icon={<Copy size={18} />} onSelect={copy}>
            {t('copy')}
          </MenuItem>
        )}
        {messageType !== 'poll' && (
          <MenuItem icon={<Forward size={18} />} onSelect={() => setDialog('forward')}>
            {t('forward')}
          </MenuItem>
        )}
        {mayDo(conversation, 'pin') && (
          <MenuItem icon={pinned ? <PinOff size={18} /> : <Pin size={18} />} onSelect={pin}>
            {t(pinned ? 'unpin' : 'pin')}
          </MenuItem>
        )}
        {isOwn && content !== null && (
          <MenuItem icon={<Pencil size={18} />} onSelect={() => onEdit(message)}>
            {t('edit')}
          </MenuItem>
        )}
        {isOwn && (
          <MenuItem icon={<CheckCheck size={18} />} onSelect={() => setDialog('status')}>
            {t('status')}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={<Trash2 size={18} />} isDanger onSelect={() => setDialog('delete')}>
          {t('delete')}
        </MenuItem>
      </Menu>
      <Suspense>
        {dialog === 'delete' && (
          <DeleteDialog message={message} isForAll={isOwn || mayDo(conversation, 'moderateMessages')} onClose={close} />
        )}
        {dialog === 'forward' && <ForwardDialog message={message} onClose={close} />}
        {dialog === 'status' && <StatusDialog message={message} onClose={close} />}
      </Suspense>
    </div>
  );
}
