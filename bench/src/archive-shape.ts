/** How an archive of so many messages is divided: one long conversation with a tenth of them, and common ones. */
export interface Shape {
  readonly longLength: number;
  readonly commonLength: number;
  readonly conversations: number;
}

/** How many of the common conversations the reader sits in; the light reader sits in a tenth as many others. */
export const READER_SITS_IN = 500;
export const LIGHT_READER_SITS_IN = READER_SITS_IN / 10;
const COMMON_LENGTH = 900;

/** A small archive has shorter conversations rather than too few of them. */
export function shapeOf(messages: number): Shape {
  const longLength = Math.floor(messages / 10);
  const others = messages - longLength;
  const fewest = READER_SITS_IN + LIGHT_READER_SITS_IN;
  const commonLength = Math.max(1, Math.min(COMMON_LENGTH, Math.floor(others / fewest)));
  return { longLength, commonLength, conversations: Math.floor(others / commonLength) };
}

/** Cuts the numbers `from` to `to` into stretches of a length, first and last number of each. */
export function stretches(from: number, to: number, length: number): (readonly [number, number])[] {
  const count = Math.max(0, Math.ceil((to - from + 1) / length));
  return Array.from({ length: count }, (_, at) => {
    const first = from + at * length;
    return [first, Math.min(to, first + length - 1)] as const;
  });
}

/** `10M`, `500k` or `20000` as a number. */
export function amount(text: string): number {
  const [, digits, unit] = /^(\d+)(k|M)?$/.exec(text) ?? [];
  const value = Number(digits) * (unit === 'M' ? 1e6 : unit === 'k' ? 1e3 : 1);
  if (!(value >= 10_000 && value <= 1e8)) throw new Error(`${text} is not an amount from 10k to 100M`);
  return value;
}
