/** Where a stretch of text leads. */
export interface Target {
  readonly href: string;
  /** The host as it is spelled in the network, where what is written could pass for another one. */
  readonly host?: string;
}

/** What cannot be the end of an address that somebody has written into a sentence, in any script. */
const TRAILING = /[.,;:!?'"”’»…。、，．；：！？）」』】》〉]/u;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * How much of a candidate belongs to the address: not the full stop, and not what closes something before it, a bracket
 * or one of the marks that are open.
 */
export function lengthOfAddress(candidate: string, openMarks = ''): number {
  // Counted once: a message may be nothing but brackets.
  const counts: Record<string, number> = {};
  for (const character of candidate) counts[character] = (counts[character] ?? 0) + 1;
  for (let length = candidate.length; length > 0; length -= 1) {
    const last = candidate[length - 1] ?? '';
    const opening = OPENING[last];
    const closed = counts[last] ?? 0;
    const isStray = opening !== undefined && closed > (counts[opening] ?? 0);
    if (!isStray && !TRAILING.test(last) && !openMarks.includes(last)) return length;
    counts[last] = closed - 1;
  }
  return 0;
}

/** Where a text leads that looks like an address; null where that is nowhere on the web, nor a mailbox. */
export function targetOf(address: string): Target | null {
  const written = /^www\./i.test(address) ? `https://${address}` : address;
  if (!URL.canParse(written)) return null;
  const { protocol, href, hostname, username, password } = new URL(written);
  if (protocol === 'mailto:') return { href };
  // What stands before an "@" passes for the host.
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return null;
  return hostname.split('.').some((label) => label.startsWith('xn--')) ? { href, host: hostname } : { href };
}
