const NAME = /^<([^\s/>]+)/;
const STREAM = '<stream:stream';

/**
 * Cuts what an XMPP server sends into stanzas: elements directly below the stream. Nothing is parsed but the name of the
 * element and where it ends; no stanza that matters here contains another of its own name.
 */
export class StanzaReader {
  #rest = '';

  constructor(private readonly onStanza: (stanza: string) => void) {}

  push(text: string): void {
    const data = this.#rest + text;
    let at = 0;
    for (;;) {
      const end = endOf(data, at);
      if (end === -1) break;
      const stanza = data.slice(at, end);
      at = end;
      // The stream itself stays open, and before it stands the declaration.
      if (!stanza.startsWith('<?xml') && !stanza.startsWith(STREAM)) this.onStanza(stanza);
    }
    this.#rest = data.slice(at);
  }
}

/** Where the element that begins here is over; -1 when that is still to come. */
function endOf(data: string, at: number): number {
  const bracket = data.indexOf('>', at);
  if (bracket === -1) return -1;
  if (data.startsWith('<?xml', at) || data.startsWith(STREAM, at) || data[bracket - 1] === '/') return bracket + 1;
  const name = NAME.exec(data.slice(at, bracket + 1))?.[1];
  if (name === undefined) throw new Error(`Not an element: ${data.slice(at, at + 80)}`);
  const closing = `</${name}>`;
  const found = data.indexOf(closing, bracket);
  return found === -1 ? -1 : found + closing.length;
}
