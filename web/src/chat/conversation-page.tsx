import type { ConversationState, Message } from '@parley/sdk';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { MessageCircleOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { meetMembers } from '../app/people.js';
import { useConversation, useStore } from '../app/use-store.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/loading.js';
import { Composer } from './composer.js';
import { ConversationHeader } from './conversation-header.js';
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
    </EmptyState>
  );
}

function Open({ state }: { readonly state: ConversationState }) {
  const { id } = state.conversation;
  const { at } = useSearch({ from: '/member/c/$conversationId' });
  const navigate = useNavigate();
  const [replyTo, setReplyTo] = useState<Message>();
  const [editing, setEditing] = useState<Message>();
  useEffect(() => parley.store.onScreen(id), [id]);
  // Whoever is not met this way is asked for when a message of theirs is shown.
  useEffect(() => void meetMembers(id).catch(() => undefined), [id]);
  const jump = (seq: number) =>
    void navigate({ to: '/c/$conversationId', params: { conversationId: id }, search: { at: seq }, replace: true });
  const reply = (message: Message) => {
    setEditing(undefined);
    setReplyTo(message);
  };
  const edit = (message: Message) => {
    setReplyTo(undefined);
    setEditing(message);
  };
  return (
    <>
      <ConversationHeader conversation={state.conversation} />
      <PinnedBar state={state} onJump={jump} />
      <Timeline state={state} at={at} onJump={jump} onReply={reply} onEdit={edit} />
      <Composer
        conversation={state.conversation}
        replyTo={replyTo}
        editing={editing}
        onDone={() => {
          setReplyTo(undefined);
          setEditing(undefined);
        }}
      />
    </>
  );
}
