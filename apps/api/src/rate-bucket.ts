/** A token bucket: `capacity` at once, refilled at `perSecond`. */
export interface Policy {
  name: string;
  capacity: number;
  perSecond: number;
}

/** One bucket to take from. */
export interface Bucket {
  policy: Policy;
  /** Whose it is, for example a key's id. */
  key: string;
}

export interface Taken {
  allowed: boolean;
  /** Whole tokens left, by bucket. */
  remaining: number[];
  /** Seconds until the request would fit; 0 when allowed. */
  retryAfterS: number;
}
