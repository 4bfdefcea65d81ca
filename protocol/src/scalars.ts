import { z } from 'zod';
import { isVisible } from './visible.js';

/** Says why a string cannot be stored byte for byte, or null when it can. */
function textFault(value: string): string | null {
  if (value.includes('\u0000')) return 'must not contain NUL characters';
  if (!value.isWellFormed()) return 'must not contain lone surrogates';
  return null;
}

/** As `textFault`, for what is shown on one line. */
const lineFault = (value: string): string | null =>
  textFault(value) ?? (/[\p{Cc}\u2028\u2029]/u.test(value) ? 'must be one line without control characters' : null);

/** Says that nothing of a string can be seen; an empty one is a matter of its length. */
const blankFault = (value: string): string | null =>
  value === '' || isVisible(value) ? null : 'must hold a character that can be seen';

interface Limits {
  readonly min?: number;
  readonly max: number;
}

const bounded = ({ min = 1, max }: Limits, faultOf: (value: string) => string | null) =>
  z
    .string()
    .min(min)
    .max(max)
    .superRefine((value, ctx) => {
      const fault = faultOf(value);
      if (fault) ctx.addIssue({ code: 'custom', message: fault });
    });

/** A string that PostgreSQL and UTF-8 keep byte for byte; lengths count UTF-16 code units. */
export const text = (limits: Limits) => bounded(limits, textFault);

/** As `text`, for what is there to be read: something of it can be seen. */
export const words = (limits: Limits) => bounded(limits, (value) => textFault(value) ?? blankFault(value));

/** As `words`, for names: no control characters, line breaks or tabs. */
export const line = (limits: Limits) => bounded(limits, (value) => lineFault(value) ?? blankFault(value));

/** A UUID made by the server (version 7), or any other UUID a caller presents as an id. */
export const Id = z.guid().toLowerCase().meta({ description: 'UUID' });
export type Id = string;

/** A position in a conversation: 1, 2, 3 … without holes. */
export const Seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** How deep and how long free JSON of a caller may be; beyond it a body is refused, not cut. */
const METADATA_MAX_CHARACTERS = 8_192;

function jsonFault(value: unknown): string | null {
  if (typeof value === 'string') return textFault(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, entry] of Object.entries(value)) {
    const fault = textFault(key) ?? jsonFault(entry);
    if (fault) return fault;
  }
  return null;
}

/** Any JSON value. */
export const Json = z.json().meta({ id: 'Json' });

/** Free JSON the caller attaches to a message: an object of at most 8,192 characters when written out. */
export const Metadata = z.record(z.string(), Json).superRefine((value, ctx) => {
  if (JSON.stringify(value).length > METADATA_MAX_CHARACTERS) {
    ctx.addIssue({ code: 'custom', message: `must be at most ${METADATA_MAX_CHARACTERS} characters of JSON` });
    return;
  }
  const fault = jsonFault(value);
  if (fault) ctx.addIssue({ code: 'custom', message: fault });
});
export type Metadata = z.infer<typeof Metadata>;
