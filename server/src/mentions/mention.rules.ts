import { type Mention, MENTIONS_PER_MESSAGE } from '@parley/protocol';

/** Means everyone; no account can be mentioned by this name. */
const ALL = 'all';

/** How many stretches of a text are looked at; what comes after them is plain text. */
const MOST_LOOKED_AT = 200;
const LONGEST_NAME = 50;

/** A stretch that may be a mention. */
interface Candidate {
  readonly offset: number;
  readonly name: string;
}

// Part of a word or of an e-mail address before the sign means that it is one itself. Scripts that put no space between
// words are let through: there a name may follow at once.
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar'].map((name) => `\\p{sc=${name}}`);
const SIGNED_NAME = new RegExp(
  String.raw`(?<![[\p{L}\p{M}\p{N}_%+@\-]--[${UNSPACED.join('')}]])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._\-]*)`,
  'gv',
);

function candidatesIn(text: string): Candidate[] {
  const candidates: Candidate[] = [];
  for (const match of text.matchAll(SIGNED_NAME)) {
    const [whole, name = ''] = match;
    // Somebody at another server, or the beginning of an address.
    if (text[match.index + whole.length] === '@') continue;
    candidates.push({ offset: match.index, name });
    if (candidates.length === MOST_LOOKED_AT) break;
  }
  return candidates;
}

/** The names a stretch can mean, longest first: a dot at its end may belong to the name or to the sentence. */
function readingsOf({ name }: Candidate): string[] {
  const readings: string[] = [];
  for (let end = name.length; end > 0; end -= 1) {
    if (end <= LONGEST_NAME) readings.push(name.slice(0, end));
    if (!/[._-]/.test(name[end - 1] ?? '')) break;
  }
  return readings;
}

/** Every name that this text may mention, for looking them up at once. */
export const namesIn = (text: string): string[] => [...new Set(candidatesIn(text).flatMap(readingsOf))];

/** Whom a text mentions: `userIdOf` knows members by name, `mayMentionAll` says whether `@all` means everyone. */
export function mentionsIn(
  text: string,
  userIdOf: (name: string) => string | undefined,
  mayMentionAll: boolean,
): Mention[] {
  const mentions: Mention[] = [];
  for (const candidate of candidatesIn(text)) {
    for (const name of readingsOf(candidate)) {
      const isAll = name.toLowerCase() === ALL;
      const userId = isAll ? null : userIdOf(name);
      if (userId === undefined || (isAll && !mayMentionAll)) continue;
      mentions.push({ userId, offset: candidate.offset, length: name.length + 1 });
      break;
    }
    if (mentions.length === MENTIONS_PER_MESSAGE) break;
  }
  return mentions;
}
