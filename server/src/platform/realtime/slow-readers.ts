import type { Socket } from 'socket.io';

/** Packets that wait are counted one by one only when there are this many: the usual case costs nothing. */
const WORTH_COUNTING = 64;

interface Packet {
  readonly data?: unknown;
}

const sizeOf = ({ data }: Packet): number => (typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0);

/** How much the server holds for a connection whose other end does not read, in bytes (characters of text). */
export function bufferedBytes(connection: Socket['conn']): number {
  const { writeBuffer } = connection as unknown as { writeBuffer: readonly Packet[] };
  if (writeBuffer.length < WORTH_COUNTING) return 0;
  return writeBuffer.reduce((sum, packet) => sum + sizeOf(packet), 0);
}
