/** Where a stretch of text leads. */
export interface Target {
  readonly href: string;
  /** The host as it is spelled in the network, where what is written could pass for another one. */
  readonly host?: string;
}

/** Everything that cannot be the end of an address that somebody has written into a sentence. */
const TRAILING = /[.,;:!?'"”’»]+$/u;
const OPENING = { ')': '(', ']': '[', '}': '{' } as const;

/** How much of a candidate belongs to the address: not the full stop, and not a bracket that was opened before it. */
export function lengthOfAddress(candidate: string): number {
  let address = candidate;
  for (;;) {
    const shorter = address.replace(TRAILING, '');
    const last = shorter.at(-1) ?? '';
    const opening = last in OPENING ? OPENING[last as keyof typeof OPENING] : undefined;
    const isStray = opening !== undefined && shorter.split(last).length > shorter.split(opening).length;
    const next = isStray ? shorter.slice(0, -1) : shorter;
    if (next === address) return address.length;
    address = next;
  }
}

/** Where a text leads that looks like an address; null where that is nowhere on the web, nor a mailbox. */
export function targetOf(address: string): Target | null {
  const written = address.startsWith('www.') ? `https://${address}` : address;
  if (!URL.canParse(written)) return null;
  const { protocol, href, hostname, username } = new URL(written);
  if (protocol === 'mailto:') return { href };
  // What stands before an "@" passes for the host.
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '') return null;
  return hostname.split('.').some((label) => label.startsWith('xn--')) ? { href, host: hostname } : { href };
}
