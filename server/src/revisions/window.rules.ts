/** Whether a window of so many seconds after `from` has closed; one of 0 seconds never does. */
export const isPast = (from: Date, seconds: number, now: Date): boolean =>
  seconds > 0 && now.getTime() - from.getTime() > seconds * 1_000;
