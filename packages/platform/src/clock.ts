/** Where the present comes from. Passed in, so that a test can move a month in a moment. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
}

/** The machine's clock. Leases and money use the database's clock instead. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Milliseconds of a clock that nobody sets; only differences mean something. */
export const steadyMs = (): number => performance.now();
