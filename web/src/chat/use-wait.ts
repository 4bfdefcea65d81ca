import type { Conversation } from '@parley/sdk';
import { useEffect, useState } from 'react';

const SECOND = 1_000;

/** How many seconds are left until the reader may write again, where a conversation is slow. */
export function useWait({ me, slowModeSeconds }: Conversation, lastOwnAt: string | undefined): number {
  const isHeld = slowModeSeconds > 0 && (me.role === 'member' || me.role === 'guest');
  const until = isHeld && lastOwnAt !== undefined ? Date.parse(lastOwnAt) + slowModeSeconds * SECOND : 0;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until <= Date.now()) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (until <= Date.now()) clearInterval(timer);
    }, SECOND);
    return () => clearInterval(timer);
  }, [until]);
  // A clock that was last looked at before the message was sent.
  return Math.min(slowModeSeconds, Math.max(0, Math.ceil((until - now) / SECOND)));
}
