import type { Conversation, Message } from '@parley/sdk';
import { isVisible, TEXT_CEILING } from '@parley/protocol';
import { ParleyError } from '@parley/sdk';
import { BarChart3, Pencil, SendHorizontal, Smile, X } from 'lucide-react';
import { type KeyboardEvent, lazy, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslations } from 'use-intl';
import { isComposing } from '../app/composing.js';
import { useErrorWords } from '../app/error-words.js';
import { LatePart } from '../app/late-part.js';
import { parley } from '../app/parley.js';
import { useLater } from '../app/use-later.js';
import { IconButton } from '../ui/button.js';
import { hasFinePointer } from '../ui/pointer.js';
import { tell } from '../ui/toasts.js';
import { QuoteView } from './message-body.js';
import { MentionList, MENTIONS, useMentions } from './mentions.js';
import { useDraft } from './use-draft.js';
import { useSilence } from './use-silence.js';
import { useWait } from './use-wait.js';
import { WritingNotes } from './writing-notes.js';

const EmojiMenu = lazy(() => import('./emoji-menu.js').then((module) => ({ default: module.EmojiMenu })));
const PollDialog = lazy(() => import('./poll-dialog.js').then((module) => ({ default: module.PollDialog })));

const YEAR = 365 * 86_400_000;
/** Whether a moment is so far away that it says nothing. */
const isFar = (moment: Date, now: Date): boolean => moment.getTime() - now.getTime() > YEAR;

/** Where one writes; says why where one may not. */
export function Composer(props: {
  readonly conversation: Conversation;
  /** The message that is answered, which may not be loaded. */
  readonly replyToId: string | undefined;
  readonly replyTo: Message | undefined;
  readonly editing: Message | undefined;
  /** When the reader has written here last. */
  readonly lastOwnAt: string | undefined;
  /** Somebody wants to change what they said last. */
  readonly onEditLast: () => void;
  readonly onDone: () => void;
}) {
  const t = useTranslations('chat');
  const { conversation } = props;
  const silence = useSilence(conversation);
  if (silence) {
    const { until, now } = silence;
    return (
      <p className="border-t border-line bg-ground px-4 py-4 text-center text-soft">
        {until
          ? t('silenced', { until, isLong: String(isFar(until, now)) })
          : t('readOnly', { type: conversation.type })}
      </p>
    );
  }
  // Another one for each message that is edited: its text takes the place of the draft meanwhile.
  return <Writing key={props.editing?.id ?? ''} {...props} />;
}

function Writing({
  conversation,
  replyToId,
  replyTo,
  editing,
  lastOwnAt,
  onEditLast,
  onDone,
}: {
  readonly conversation: Conversation;
  readonly replyToId: string | undefined;
  readonly replyTo: Message | undefined;
  readonly editing: Message | undefined;
  readonly lastOwnAt: string | undefined;
  readonly onEditLast: () => void;
  readonly onDone: () => void;
}) {
  const t = useTranslations('chat');
  const words = useErrorWords();
  const { id } = conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(conversation, replyToId);
  const [edited, setEdited] = useState(editing?.content ?? '');
  const [isPolling, setPolling] = useState(false);
  const text = editing ? edited : draft.text;
  const setText = editing ? setEdited : draft.setText;
  const [caret, setCaret] = useState(0);
  const replace = (from: number, to: number, by: string) => {
    // At once, so that the cursor can be put behind it.
    flushSync(() => setText(text.slice(0, from) + by + text.slice(to)));
    field.current?.focus();
    field.current?.setSelectionRange(from + by.length, from + by.length);
  };
  const mentions = useMentions(conversation, text.slice(0, caret), (from, to, by) =>
    replace(from, text[to] === ' ' ? to + 1 : to, `${by} `),
  );
  const quoted = editing ?? replyTo;
  const wait = useWait(conversation, lastOwnAt);
  const excess = text.length - TEXT_CEILING;
  const maySend = isVisible(text) && excess <= 0 && (wait === 0 || editing !== undefined);

  // Where there is a mouse there is a keyboard, and nothing that covers half of the screen. Before anything is seen: the
  // focus must not be taken from where somebody has put it by then.
  useLayoutEffect(() => {
    if (hasFinePointer()) field.current?.focus();
  }, [id, replyToId, editing?.id]);

  const send = async () => {
    if (!maySend) return;
    if (editing) {
      try {
        await parley.messages.edit(editing.id, text);
        onDone();
      } catch (error) {
        if (error instanceof ParleyError) tell(words(error));
      }
      return;
    }
    // What was deleted meanwhile cannot be answered; what was to be said about it can be said.
    parley.store.send(id, text, replyToId === undefined || replyTo?.deletedAt ? {} : { replyToId });
    parley.typing.stop(id);
    draft.clear();
    onDone();
  };
  const isLater = useLater();
  const [isAsked, setAsked] = useState(false);
  const smile = (
    <IconButton label={t('emoji')}>
      <Smile aria-hidden size={22} />
    </IconButton>
  );
  // Pressed before it could open, it opens when it can.
  const early = (
    <IconButton label={t('emoji')} onClick={() => setAsked(true)}>
      <Smile aria-hidden size={22} />
    </IconButton>
  );
  const insert = (emoji: string) =>
    replace(field.current?.selectionStart ?? text.length, field.current?.selectionEnd ?? text.length, emoji);
  const onKeyDown = (event: KeyboardEvent) => {
    // While characters are being composed, Enter belongs to the input method.
    if (isComposing(event.nativeEvent) || mentions.onKeyDown(event)) return;
    if (event.key === 'Escape') onDone();
    if (event.key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault();
      onEditLast();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="relative border-t border-line bg-ground px-2 py-2 md:px-6">
      <MentionList {...mentions} />
      {(editing ?? replyToId) !== undefined && (
        <div className="flex items-center gap-2 pb-1">
          {editing && <Pencil aria-label={t('editing')} size={16} className="text-accent" />}
          <div className="min-w-0 flex-1">
            {quoted ? <QuoteView quote={quoted} /> : <p className="px-2 text-sm text-soft">{t('earlier')}</p>}
          </div>
          <IconButton label={t('stop')} onClick={onDone}>
            <X aria-hidden size={18} />
          </IconButton>
        </div>
      )}
      <div className="flex items-end gap-1">
        {isLater || isAsked ? (
          <LatePart standIn={early} isWanted={isAsked} onMissing={() => setAsked(false)}>
            <EmojiMenu trigger={smile} onPick={insert} startsOpen={isAsked} startsWhole />
          </LatePart>
        ) : (
          early
        )}
        {!editing && (
          <IconButton label={t('poll.new')} onClick={() => setPolling(true)}>
            <BarChart3 aria-hidden size={20} />
          </IconButton>
        )}
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          aria-label={t('write')}
          placeholder={t('write')}
          onChange={({ target }) => {
            setText(target.value);
            if (!editing && target.value !== '') parley.typing.start(id);
          }}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          aria-controls={mentions.isOpen ? MENTIONS : undefined}
          aria-activedescendant={mentions.isOpen ? `${MENTIONS}-${mentions.at}` : undefined}
          className="field-sizing-content max-h-40 min-h-10 min-w-0 flex-1 resize-none rounded-2xl bg-sunken px-4 py-2 placeholder:text-soft"
        />
        <IconButton
          label={t('send')}
          disabled={!maySend}
          onClick={() => void send()}
          className="bg-accent !text-on-accent hover:bg-accent-strong disabled:bg-soft"
        >
          {wait > 0 && !editing ? (
            <span aria-hidden className="text-sm tabular-nums">
              {wait}
            </span>
          ) : (
            <SendHorizontal aria-hidden size={20} />
          )}
        </IconButton>
      </div>
      <WritingNotes excess={excess} wait={editing ? 0 : wait} />
      {isPolling && (
        <LatePart onMissing={() => setPolling(false)}>
          <PollDialog conversationId={id} onClose={() => setPolling(false)} />
        </LatePart>
      )}
    </div>
  );
}
