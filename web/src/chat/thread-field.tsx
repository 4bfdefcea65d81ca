import type { Conversation } from '@parley/sdk';
import { isVisible, TEXT_CEILING } from '@parley/protocol';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isComposing } from '../app/composing.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { IconButton } from '../ui/button.js';
import { hasFinePointer } from '../ui/pointer.js';
import { useWait } from './use-wait.js';
import { WritingNotes } from './writing-notes.js';

/** What was begun in threads and not sent, by who has begun it and where: closing a thread loses nothing. */
const begun = new Map<string, string>();

/** Where one answers within a thread. */
export function ThreadField({
  conversation,
  rootId,
  lastOwnAt,
}: {
  readonly conversation: Conversation;
  readonly rootId: string;
  /** When the reader has written here last. */
  readonly lastOwnAt: string | undefined;
}) {
  const t = useTranslations('chat');
  const key = `${useUserId()} ${rootId}`;
  const [text, setText] = useState(begun.get(key) ?? '');
  const write = (next: string) => {
    begun.set(key, next);
    setText(next);
  };
  const wait = useWait(conversation, lastOwnAt);
  const excess = text.length - TEXT_CEILING;
  const maySend = isVisible(text) && excess <= 0 && wait === 0;
  const send = () => {
    if (!maySend) return;
    parley.store.send(conversation.id, text, { replyToId: rootId });
    write('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While characters are being composed, Enter belongs to the input method.
    if (isComposing(event.nativeEvent) || event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <>
      <div className="flex items-end gap-2">
        <textarea
          rows={1}
          dir="auto"
          value={text}
          autoFocus={hasFinePointer()}
          aria-label={t('thread.write')}
          placeholder={t('thread.write')}
          onChange={({ target }) => write(target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-40 min-h-10 min-w-0 flex-1 resize-none rounded-2xl bg-sunken px-4 py-2 placeholder:text-soft"
        />
        <IconButton label={t('send')} disabled={!maySend} onClick={send}>
          <SendHorizontal aria-hidden size={20} />
        </IconButton>
      </div>
      <WritingNotes excess={excess} wait={wait} />
    </>
  );
}
