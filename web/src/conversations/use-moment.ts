import type { Seat } from '@parley/sdk';
import { useFormatter, useNow } from 'use-intl';

const DAY = 86_400_000;
const startOfDay = (date: Date): number => new Date(date).setHours(0, 0, 0, 0);

/** A moment as short as it can be told: the hour today, the day within a week, else the date. */
export function useMoment(moment: string): string {
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const date = new Date(moment);
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY);
  if (days <= 0) return format.dateTime(date, { hour: '2-digit', minute: '2-digit' });
  if (days < 7) return format.dateTime(date, { weekday: 'short' });
  return format.dateTime(date, { day: 'numeric', month: 'numeric', year: '2-digit' });
}

/** Whether a conversation is kept quiet at this moment. */
export function useIsMuted({ mutedUntil }: Pick<Seat, 'mutedUntil'>): boolean {
  const now = useNow({ updateInterval: 60_000 });
  return mutedUntil !== null && new Date(mutedUntil) > now;
}
