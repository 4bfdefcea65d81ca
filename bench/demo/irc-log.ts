/**
 * What one line of a log says. `line` counts from 1; `events[n - 1].line` is always `n`. `minute` is the time of day in
 * minutes since midnight; notices (`=== …`) carry none.
 */
export type IrcEvent =
  | ({ readonly kind: 'message' } & Spoken)
  | ({ readonly kind: 'action' } & Spoken)
  | { readonly kind: 'join'; readonly nick: string; readonly line: number }
  | { readonly kind: 'leave'; readonly nick: string; readonly line: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly line: number }
  | { readonly kind: 'other'; readonly text: string; readonly line: number };

interface Spoken {
  readonly nick: string;
  readonly text: string;
  readonly line: number;
  readonly minute?: number;
}

// A line is cut at LF alone, so the dot must also match U+2028 and U+2029: hence the s flag throughout.
// The logger of 2005 and 2006 put a space behind every `]`, also behind the last of a nick: `<foo[1] > hello`.
const message = /^\[(\d\d):(\d\d)\] <([^ >]+)(?:(?<=\]) )?>(?: (.*))?$/s;
// The logs of 2011 and 2016 write `[22:15]  * nick sighs`, those of 2005 and 2006 `=== nick sighs`.
const timedAction = /^\[(\d\d):(\d\d)\] {1,2}\* ([^ ]+)(?: (.*))?$/s;
const notice = /^=== ([^ ]+)(?:(?<=\]) (?= ))? (.+)$/s;

const renamed = /^is now known as ([^ ]+) ?$/;
const joined = /^(?:\[[^\]]*\] +)?has joined [#&][^ ]*$/;
// The older logger cut a reason at its first space, so its quotes need not be balanced: `has left #ubuntu ["See]`.
const left = /^(?:\[[^\]]*\] +)?has left [#&][^ ]*(?: +\[.*\] ?)?$/s;
const quit = /^\[[^\]]*\] +has quit\b/;
const kicked = /^was kicked (?:(?:off|from) [#&][^ ]* )?by [^ ]+ \(.*\)$/s;

/**
 * Reads a raw IRC log, one event for each line, blank lines and lines not understood being `other` with the whole line
 * as text; only the end of the last line starts no further one. Text is kept to the character, spaces at both ends too:
 * what is taken off is a byte order mark at the start of the file, the line end (LF or CRLF) and the one space that
 * the format puts before the text. A line with nothing behind the nick is a message whose text is empty.
 *
 * The format cannot tell `/me has left #room` from a leave nor `/me is now known as x` from a rename: both are read as
 * what they look like.
 *
 * @example
 * parseIrcLog('[10:59] <ada> hello\n=== ada waves\n');
 * // [{ kind: 'message', nick: 'ada', text: 'hello', line: 1, minute: 659 }, { kind: 'action', nick: 'ada', text: 'waves', line: 2 }]
 */
export function parseIrcLog(text: string): IrcEvent[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((raw, index) => parseLine(raw.endsWith('\r') ? raw.slice(0, -1) : raw, index + 1));
}

function parseLine(raw: string, line: number): IrcEvent {
  const timed = parseTimed('message', message.exec(raw), line) ?? parseTimed('action', timedAction.exec(raw), line);
  if (timed) return timed;
  const noted = notice.exec(raw);
  if (noted?.[1] === undefined || noted[2] === undefined) return { kind: 'other', text: raw, line };
  return parseNotice(noted[1], noted[2], line) ?? { kind: 'other', text: raw, line };
}

function parseTimed(kind: 'message' | 'action', found: RegExpExecArray | null, line: number): IrcEvent | null {
  const [, hour, minute, nick, text = ''] = found ?? [];
  if (nick === undefined) return null;
  return { kind, nick, text, line, minute: Number(hour) * 60 + Number(minute) };
}

function parseNotice(nick: string, rest: string, line: number): IrcEvent | null {
  if (isAboutTheRoom(nick, rest)) return null;
  const to = renamed.exec(rest)?.[1];
  if (to !== undefined) return { kind: 'rename', from: nick, to, line };
  if (joined.test(rest)) return { kind: 'join', nick, line };
  if (left.test(rest) || quit.test(rest) || kicked.test(rest)) return { kind: 'leave', nick, line };
  return { kind: 'action', nick, text: rest, line };
}

/** Modes (`=== mode/#room [+o ada]  by ChanServ`), topics and server notices, which are nobody's action. */
function isAboutTheRoom(nick: string, rest: string): boolean {
  if (/[/#&]/.test(nick) || /^\[.*-info\]$/.test(nick)) return true;
  if (/^topic$/i.test(nick) && /^(?:for |is |\(?[#&])/.test(rest)) return true;
  return /^(?:changed the topic of|sets? (?:the )?topic|sets? mode)\b/.test(rest);
}
