import type { ConversationState } from '@parley/sdk';
import { useEffect, useRef } from 'react';
import { parley } from '../app/parley.js';

/** What is read within this time is told at once, in ms. */
const GATHER = 300;

/** Tells the server how far somebody has read: what was on screen while the page was looked at. */
export function useReading({ conversation: { id, me, lastSeq } }: ConversationState): (seq: number) => void {
  const wanted = useRef(0);
  const told = useRef(0);
  // Opening it ends that it is marked unread; marking it while it is open does not end at once.
  const isMarked = useRef(me.markedUnread);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (seq) => {
    if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const upTo = Math.min(seq, lastSeq);
    if (upTo <= Math.max(isMarked.current ? 0 : me.lastReadSeq, told.current)) return;
    wanted.current = Math.max(wanted.current, upTo);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      told.current = wanted.current;
      isMarked.current = false;
      // What does not arrive now is told with the next message that is seen.
      parley.messages.markRead({ conversationId: id, seq: wanted.current }).catch(() => {
        told.current = 0;
      });
    }, GATHER);
  };
}
