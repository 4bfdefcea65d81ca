import type { Message, Seat } from '@parley/sdk';
import { useSyncExternalStore } from 'react';

/** Whether a message deserves to be told of while the reader looks elsewhere. */
export function isWorthTelling({
  message,
  seat,
  userId,
  now,
}: {
  readonly message: Pick<Message, 'senderId' | 'messageType'>;
  readonly seat: Pick<Seat, 'mutedUntil' | 'archived'>;
  readonly userId: string;
  readonly now: number;
}): boolean {
  const isMuted = seat.mutedUntil !== null && Date.parse(seat.mutedUntil) > now;
  return message.senderId !== userId && message.messageType !== 'system' && !isMuted && !seat.archived;
}

const KEY = 'parley.notices';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Whether the browser can tell of messages at all. */
export const CAN_TELL = 'Notification' in globalThis;

/** Whether messages are told of on this device: wanted, and allowed by the browser. */
export const tellsOfMessages = (): boolean =>
  CAN_TELL && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on';
export const useTellsOfMessages = (): boolean => useSyncExternalStore(subscribe, tellsOfMessages);

/** Tells of messages from now on, or no longer; resolves to false where the browser refuses. */
export async function chooseNotices(isWanted: boolean): Promise<boolean> {
  const isAllowed = !isWanted || (await Notification.requestPermission()) === 'granted';
  localStorage.setItem(KEY, isWanted && isAllowed ? 'on' : 'off');
  for (const listener of listeners) listener();
  return isAllowed;
}
