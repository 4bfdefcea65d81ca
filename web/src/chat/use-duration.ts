import { useFormatter } from 'use-intl';

const UNITS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Says how long something lasts, given in seconds, in the largest unit that fits: "2 weeks", "36 hours". */
export function useDuration(): (seconds: number, unitDisplay?: 'long' | 'short') => string {
  const format = useFormatter();
  return (seconds, unitDisplay = 'long') => {
    const [unit, length] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1];
    return format.number(seconds / length, { style: 'unit', unit, unitDisplay });
  };
}
