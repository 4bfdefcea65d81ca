/**
 * The little of WebSocket (RFC 6455) that a load generator needs: text in single frames. A generator shares the machine
 * with what it measures, so each microsecond it spends is one the server does not get.
 */
const FIN_TEXT = 0x81;
const MASKED = 0x80;
const OPCODE = 0x0f;
const TEXT = 0x1;
const CLOSE = 0x8;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
/** Any but zero, which servers skip: taking off the mask is part of their work. */
const MASK = [0x5a, 0x17, 0xc3, 0x3e] as const;

/** A masked frame, as clients send it. Texts of up to 65,535 bytes. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < TWO_BYTES ? 6 : 8;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN_TEXT;
  if (length < TWO_BYTES) {
    frame[1] = MASKED | length;
  } else {
    frame[1] = MASKED | TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  }
  for (let at = 0; at < 4; at += 1) frame[start - 4 + at] = MASK[at & 3] ?? 0;
  frame.write(text, start);
  for (let at = 0; at < length; at += 1) frame[start + at] = (frame[start + at] ?? 0) ^ (MASK[at & 3] ?? 0);
  return frame;
}

/** Cuts what a server sends into texts. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  constructor(
    private readonly onText: (text: string) => void,
    private readonly onClose: () => void,
  ) {}

  /** Takes the next bytes; the buffer is the caller's again afterwards. */
  push(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const frame = frameAt(data, at);
      if (!frame) break;
      at = frame.end;
      if (frame.opcode === TEXT) this.onText(data.toString('utf8', frame.start, frame.end));
      else if (frame.opcode === CLOSE) this.onClose();
      else throw new Error(`A frame with opcode ${frame.opcode} was not expected.`);
    }
    this.#rest = Buffer.from(data.subarray(at));
  }
}

function frameAt(data: Buffer, at: number): { opcode: number; start: number; end: number } | null {
  if (data.length < at + 2) return null;
  const opcode = (data[at] ?? 0) & OPCODE;
  const short = data[at + 1] ?? 0;
  let start = at + 2;
  let length = short;
  if (short === TWO_BYTES) {
    if (data.length < at + 4) return null;
    start = at + 4;
    length = data.readUInt16BE(at + 2);
  } else if (short === EIGHT_BYTES) {
    if (data.length < at + 10) return null;
    start = at + 10;
    length = Number(data.readBigUInt64BE(at + 2));
  }
  const end = start + length;
  return data.length < end ? null : { opcode, start, end };
}
