import type { ConversationState, Message, OutboxEntry } from '@parley/sdk';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { MessageCircleOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { HomeLink } from '../app/home-link.js';
import { parley } from '../app/parley.js';
import { meetMembers } from '../app/people.js';
import { useConversation, useStore, useUserId } from '../app/use-store.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/loading.js';
import { Composer } from './composer.js';
import { type Deed, isEditable } from './deeds.js';
import { keepDraft, keptDraft } from './kept-draft.js';
import { ConversationHeader } from './conversation-header.js';
import { MessageDialog, type OpenDialog } from './message-dialog.js';
import { PinnedBar } from './pinned-bar.js';
import { Timeline } from './timeline.js';

/** One conversation. */
export function ConversationPage() {
  const t = useTranslations('chat');
  const { conversationId } = useParams({ from: '/member/c/$conversationId' });
  const state = useConversation(conversationId);
  const isLoaded = useStore((whole) => whole.isLoaded);
  if (state) return <Open key={conversationId} state={state} />;
  if (!isLoaded) return <Loading />;
  return (
    <EmptyState icon={<MessageCircleOff size={48} />} title={t('gone.title')}>
      <p>{t('gone.about')}</p>
      <HomeLink isBesideList />
    </EmptyState>
  );
}

/** Where to go in a conversation; the same position again is another one. */
export interface Target {
  readonly seq: number;
}

/** When somebody has sent something here last. */
function lastOwnOf(
  { state, outbox }: { readonly state: ConversationState; readonly outbox: readonly OutboxEntry[] },
  userId: string,
): string | undefined {
  const { id } = state.conversation;
  const queued = outbox.findLast((entry) => entry.message.conversationId === id && entry.state !== 'failed');
  return queued?.queuedAt ?? state.messages.findLast(({ senderId }) => senderId === userId)?.createdAt;
}

function Open({ state }: { readonly state: ConversationState }) {
  const { id, me } = state.conversation;
  const { at } = useSearch({ from: '/member/c/$conversationId' });
  const navigate = useNavigate();
  const [target, setTarget] = useState<Target | undefined>(at === undefined ? undefined : { seq: at });
  const [arrivedAt, setArrivedAt] = useState(at);
  if (at !== arrivedAt) {
    setArrivedAt(at);
    if (at !== undefined) setTarget({ seq: at });
  }
  const userId = useUserId();
  const [chosenReply, setReplyTo] = useState<string | null | undefined>(() => {
    const kept = keptDraft(userId, id);
    return kept && (kept.replyToId ?? null);
  });
  const [editing, setEditing] = useState<Message>();
  const [dialog, setDialog] = useState<OpenDialog>();
  const outbox = useStore((whole) => whole.outbox);
  // What arrives may wait for what is typed. Both at once: what is no more on its way out is among the messages.
  const shown = useDeferredValue(useMemo(() => ({ state, outbox }), [state, outbox]));
  useEffect(() => parley.store.onScreen(id), [id]);
  // Whoever is not met this way is asked for when a message of theirs is shown.
  useQuery({ queryKey: ['participants', id, 'met'], queryFn: () => meetMembers(id) });
  // The address is for coming here: where one goes from there is up to who reads.
  useEffect(() => {
    if (at === undefined) return;
    void navigate({ to: '/c/$conversationId', params: { conversationId: id }, search: {}, replace: true });
  }, [at, id, navigate]);
  const jump = useCallback((seq: number) => setTarget({ seq }), []);
  const act = useCallback((deed: Deed, message: Message) => {
    if (deed === 'reply' || deed === 'edit') {
      // What is edited takes the place of what is being written, reply and all, and gives it back.
      if (deed === 'reply') setReplyTo(message.id);
      setEditing(deed === 'edit' ? message : undefined);
    } else {
      setDialog({ deed, message });
    }
  }, []);
  const [recalls, setRecalls] = useState(0);
  const draft = me.draft?.content;
  const recall = useCallback(
    (entry: OutboxEntry) => {
      const { content, replyToId } = entry.message;
      const begun = keptDraft(userId, id)?.content ?? draft;
      keepDraft(userId, id, { content: [content, begun].filter(Boolean).join('\n'), replyToId });
      parley.store.discard(entry);
      setReplyTo(replyToId ?? null);
      setEditing(undefined);
      setRecalls((count) => count + 1);
    },
    [userId, id, draft],
  );
  const replyToId = (chosenReply === undefined ? me.draft?.replyToId : chosenReply) ?? undefined;
  const replyTo = useMemo(
    () => (replyToId === undefined ? undefined : state.messages.find((message) => message.id === replyToId)),
    [state.messages, replyToId],
  );
  return (
    <>
      <ConversationHeader conversation={state.conversation} />
      <PinnedBar state={state} onJump={jump} />
      <Timeline state={shown.state} outbox={shown.outbox} target={target} onJump={jump} onAct={act} onRecall={recall} />
      <Composer
        key={recalls}
        conversation={state.conversation}
        replyToId={replyToId}
        replyTo={replyTo}
        editing={editing}
        lastOwnAt={state.conversation.slowModeSeconds > 0 ? lastOwnOf(shown, userId) : undefined}
        onEditLast={() => {
          const last = state.messages.findLast((message) => isEditable(message, userId));
          if (last) act('edit', last);
        }}
        onDone={() => {
          if (editing) setEditing(undefined);
          else setReplyTo(null);
        }}
      />
      {dialog && (
        <MessageDialog
          {...dialog}
          conversation={state.conversation}
          onJump={jump}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}
