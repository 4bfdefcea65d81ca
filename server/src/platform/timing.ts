/** How patient the realtime layer is, in ms. Fixed in operation; tests that wait for it to run out make it shorter. */
export interface Timing {
  /** How often a connection is asked whether it is still there, and how long it has to answer. */
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** How long a node that has died is taken for alive, and how often one that lives says so. */
  readonly leaseHolds: number;
  readonly leaseRenewal: number;
  /** How long somebody whose last connection is gone has to come back before others are told. */
  readonly comeBackWithin: number;
  /** How often is written down who is there; a server that is killed forgets at most this much of it. */
  readonly noteSeenEvery: number;
  /** How long changes of presence are gathered, when they are noted and again when they are told. */
  readonly presenceGather: number;
  /**
   * How long a node that hears the others again takes it that changes of seats are on their way which it was not asked
   * for: longer than one takes from being agreed on until all are told that it is committed.
   */
  readonly freshFor: number;
  /** How long after a person was put out PostgreSQL is asked whether that came to pass; up to twice as long. */
  readonly makeSureAfter: number;
  /** After how long other nodes are told again what they could not be told though they were reached all the time. */
  readonly tellAgainAfter: number;
}

export const DEFAULT_TIMING: Timing = {
  pingInterval: 25_000,
  pingTimeout: 20_000,
  leaseHolds: 40_000,
  leaseRenewal: 15_000,
  comeBackWithin: 3_000,
  noteSeenEvery: 60_000,
  presenceGather: 125,
  freshFor: 10_000,
  makeSureAfter: 10_000,
  tellAgainAfter: 5_000,
};

/** Injection token of `Timing`. */
export const TIMING = Symbol('timing');
