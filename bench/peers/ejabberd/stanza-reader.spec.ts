import { describe, expect, it } from 'vitest';
import { StanzaReader } from './stanza-reader.js';

const OPENING = `<?xml version='1.0'?><stream:stream id='1' version='1.0' xmlns='jabber:client'>`;
const STANZAS = [
  `<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
  `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`,
  `<message id='run-1-2' to='a@localhost/bench'><body>tiếng Việt &gt; 3</body><stanza-id id='7'/></message>`,
  `<message id='run-1-3'><body>x</body></message>`,
];

function read(chunks: readonly string[]): string[] {
  const stanzas: string[] = [];
  const reader = new StanzaReader((stanza) => stanzas.push(stanza));
  for (const chunk of chunks) reader.push(chunk);
  return stanzas;
}

describe('stanzas', () => {
  it('are cut out of a stream, whether it comes at once or letter by letter', () => {
    expect(read([OPENING + STANZAS.join('')])).toEqual(STANZAS);
    expect(read([...(OPENING + STANZAS.join(''))])).toEqual(STANZAS);
  });

  it('that are not over are waited for', () => {
    expect(read([`<message id='1'><body>half`])).toEqual([]);
  });

  it('must be elements', () => {
    expect(() => read(['nonsense>'])).toThrow('Not an element');
  });
});
