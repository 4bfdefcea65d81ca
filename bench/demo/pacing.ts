/** When each line of a log was written, as far as its clock tells. */
import type { IrcEvent } from './irc-log.js';

const MINUTE_MS = 60_000;
const DAY = 24 * 60;
const HALF_DAY = DAY / 2;

const minuteOf = (event: IrcEvent): number | undefined => ('minute' in event ? event.minute : undefined);

/**
 * For each line, in ms since the first. Lines of one minute are spread evenly over it, those without a time belong to
 * the minute before. A clock that falls far back has passed midnight, or noon where no hour of the log is past eleven;
 * one that falls back a little was set and stands still until it has caught up.
 */
export function timesOf(events: readonly IrcEvent[]): number[] {
  const minutes = runningMinutes(events);
  const counts = new Map<number, number>();
  for (const minute of minutes) counts.set(minute, (counts.get(minute) ?? 0) + 1);
  const [start = 0] = minutes;
  const places = new Map<number, number>();
  return minutes.map((minute) => {
    const place = places.get(minute) ?? 0;
    places.set(minute, place + 1);
    return Math.round((minute - start + place / (counts.get(minute) ?? 1)) * MINUTE_MS);
  });
}

/** The minute of each line on a clock that never goes back. */
function runningMinutes(events: readonly IrcEvent[]): number[] {
  const read = events.flatMap((event) => minuteOf(event) ?? []);
  const round = read.some((minute) => minute >= HALF_DAY) ? DAY : HALF_DAY;
  let turns = 0;
  let last = read[0] ?? 0;
  return events.map((event) => {
    const minute = minuteOf(event);
    if (minute === undefined) return last;
    if (last - (minute + turns) > round / 2) turns += round;
    last = Math.max(last, minute + turns);
    return last;
  });
}
