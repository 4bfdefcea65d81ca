import type { Conversation, Message } from '@parley/sdk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { usePerson } from '../app/people.js';
import { useConversation, useStore, useUserId } from '../app/use-store.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Loading } from '../ui/loading.js';
import { MessageBody } from './message-body.js';
import { OutgoingRow } from './outgoing-row.js';
import { ThreadField } from './thread-field.js';
import { useEnd } from './use-end.js';
import { useSilence } from './use-silence.js';

const AT_ONCE = 100;

/** A message and everything that was said to it. */
export function ThreadDialog({
  message,
  conversation,
  onJump,
  onClose,
}: {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly onJump: (seq: number) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations('chat');
  const app = useTranslations('app');
  const words = useErrorWords();
  const thread = useInfiniteQuery({
    queryKey: ['thread', message.id],
    queryFn: ({ pageParam }) => parley.messages.thread(message.id, { after: pageParam, limit: AT_ONCE }),
    initialPageParam: 0,
    getNextPageParam: ({ items, hasMoreAfter }) => (hasMoreAfter ? items.at(-1)?.seq : undefined),
  });
  const { error, refetch, isFetching } = thread;
  const data = thread.data?.pages.at(-1);
  const replies = thread.data?.pages.flatMap(({ items }) => items) ?? [];
  const { rev } = conversation;
  const shown = useRef(rev);
  // Read again with every change of the conversation, but never two at a time.
  useEffect(() => {
    if (shown.current === rev || isFetching) return;
    shown.current = rev;
    void refetch();
  }, [rev, isFetching, refetch]);
  const goTo = (seq: number) => {
    onClose();
    onJump(seq);
  };
  const silence = useSilence(conversation);
  const rootId = data?.root.id;
  const outbox = useStore((whole) => whole.outbox).filter(({ message: sent }) => sent.replyToId === rootId);
  const userId = useUserId();
  const state = useConversation(conversation.id);
  const lastOwn = outbox.at(-1)?.queuedAt ?? replies.findLast(({ senderId }) => senderId === userId)?.createdAt;
  const scroller = useRef<HTMLDivElement>(null);
  // Before the last reply is there, its end is not the thread's.
  const toEnd = useEnd(scroller, !thread.hasNextPage);
  // Who sends something wants to see it.
  const sending = outbox.findLast((entry) => entry.state === 'sending')?.message.clientMessageId;
  useLayoutEffect(() => {
    if (sending !== undefined) toEnd();
  }, [sending, toEnd]);
  return (
    <Dialog
      title={t('thread.title')}
      onClose={onClose}
      scroller={scroller}
      footer={data && !silence && <ThreadField conversation={conversation} rootId={data.root.id} lastOwnAt={lastOwn} />}
      isWide
      holdsText
    >
      <div>
        {error ? <p>{words(error)}</p> : !data && <Loading />}
        {data && (
          <>
            <Said message={data.root} onJump={goTo} />
            <p className="my-2 border-y border-line py-2 text-sm text-soft">
              {t('thread.count', { count: data.replyCount })}
            </p>
            <ul className="flex flex-col gap-3">
              {replies.map((reply) => (
                <li key={reply.id}>
                  {/* What it answers is above it already. */}
                  <Said
                    message={reply.replyTo?.id === data.root.id ? { ...reply, replyTo: null } : reply}
                    onJump={goTo}
                  />
                </li>
              ))}
            </ul>
            {thread.hasNextPage && (
              <Button isBusy={thread.isFetchingNextPage} onClick={() => void thread.fetchNextPage()} className="mt-3">
                {app('showMore')}
              </Button>
            )}
            {state &&
              outbox.map((entry) => <OutgoingRow key={entry.message.clientMessageId} entry={entry} state={state} />)}
          </>
        )}
      </div>
    </Dialog>
  );
}

function Said({ message, onJump }: { readonly message: Message; readonly onJump: (seq: number) => void }) {
  const format = useFormatter();
  const userId = useUserId();
  const sender = usePerson(message.senderId);
  const name = displayed(sender?.displayName ?? '');
  return (
    <div className="flex gap-3">
      <Avatar id={message.senderId} name={name} url={sender?.avatarUrl ?? null} size="small" />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-sm">
          <bdi className="min-w-0 truncate font-semibold text-accent-strong">{name}</bdi>
          <button type="button" onClick={() => onJump(message.seq)} className="shrink-0 text-soft hover:underline">
            {format.dateTime(new Date(message.createdAt), { dateStyle: 'short', timeStyle: 'short' })}
          </button>
        </p>
        <MessageBody message={message} userId={userId} onJump={onJump} />
      </div>
    </div>
  );
}
