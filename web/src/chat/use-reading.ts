import type { ConversationState } from '@parley/sdk';
import { useEffect, useRef } from 'react';
import { parley } from '../app/parley.js';

/** What is read within this time is told at once, in ms. */
const GATHER = 300;

/** Tells the server how far somebody has read: what was on screen while the page was looked at. */
export function useReading({ conversation: { id, me, lastSeq } }: ConversationState): (seq: number) => void {
  const wanted = useRef(0);
  const told = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (seq) => {
    if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const upTo = Math.min(seq, lastSeq);
    if (upTo <= Math.max(me.markedUnread ? 0 : me.lastReadSeq, told.current)) return;
    wanted.current = Math.max(wanted.current, upTo);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      told.current = wanted.current;
      // What does not arrive now is told with the next message that is seen.
      parley.messages.markRead({ conversationId: id, seq: wanted.current }).catch(() => {
        told.current = 0;
      });
    }, GATHER);
  };
}
