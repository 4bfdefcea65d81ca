import { describe, expect, it } from 'vitest';
import { FrameReader, textFrame } from './frames.js';

/** A frame as a server sends it: not masked. */
function serverFrame(text: string, opcode = 0x1): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
  const head = Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = payload.length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  else head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

function read(chunks: readonly Buffer[]): { texts: string[]; closed: boolean } {
  const result = { texts: [] as string[], closed: false };
  const reader = new FrameReader(
    (text) => result.texts.push(text),
    () => (result.closed = true),
  );
  for (const chunk of chunks) reader.push(chunk);
  return result;
}

function unmask(frame: Buffer, start: number): string {
  const mask = frame.subarray(start - 4, start);
  return Buffer.from(frame.subarray(start).map((byte, at) => byte ^ (mask[at % 4] ?? 0))).toString();
}

describe('frames', () => {
  const texts = ['2', 'Việt Nam 🇻🇳', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(70_000)];
  const stream = Buffer.concat(texts.map((text) => serverFrame(text)));

  it('are read whether they come together or byte by byte', () => {
    expect(read([stream]).texts).toEqual(texts);
    const short = texts.slice(0, 4);
    const bytes = Array.from(Buffer.concat(short.map((text) => serverFrame(text))), (byte) => Buffer.of(byte));
    expect(read(bytes).texts).toEqual(short);
  });

  it('are read although the buffer they came in is used again', () => {
    const shared = Buffer.alloc(100);
    const seen: string[] = [];
    const reader = new FrameReader(
      (text) => seen.push(text),
      () => undefined,
    );
    for (let at = 0; at < stream.length; at += shared.length) {
      const length = stream.copy(shared, 0, at, at + shared.length);
      reader.push(shared.subarray(0, length));
      shared.fill(0);
    }
    expect(seen).toEqual(texts);
  });

  it('tell of the end, and refuse what a Socket.IO server never sends', () => {
    expect(read([serverFrame('', 0x8)]).closed).toBe(true);
    expect(() => read([serverFrame('binary', 0x2)])).toThrow('opcode 2');
  });

  it('are written masked, with lengths of one and of two bytes', () => {
    expect(unmask(textFrame('hallo'), 6)).toBe('hallo');
    expect(textFrame('hallo')[1]).toBe(0x80 | 5);
    expect(unmask(textFrame('é'.repeat(200)), 8)).toBe('é'.repeat(200));
    expect(textFrame('é'.repeat(200)).readUInt16BE(2)).toBe(400);
  });
});
