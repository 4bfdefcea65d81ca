/** How long to wait before trying again; all in ms. */
export interface BackoffOptions {
  /** Ceiling of the first wait; it doubles with every attempt. */
  readonly first?: number;
  /** The ceiling is never higher than this. */
  readonly most?: number;
}

/** A wait between half of the ceiling and the ceiling, at random, so that clients cut off together do not return together. */
export function backoff(attempt: number, { first = 500, most = 20_000 }: BackoffOptions = {}): number {
  const ceiling = Math.min(most, first * 2 ** attempt);
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
