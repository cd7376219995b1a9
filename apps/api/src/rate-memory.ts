import type { Bucket, Policy, Taken } from './rate-bucket';

const MOST_LOCAL = 10_000;

export const nameOf = ({ policy, key }: Bucket) => `${policy.name}:${key}`;

const filled = (policy: Policy, n: number, elapsedMs: number) =>
  Math.min(policy.capacity, n + (Math.max(0, elapsedMs) / 1000) * policy.perSecond);

/** Buckets inside this process, for when Redis is away. */
export class LocalBuckets {
  readonly #state = new Map<string, { n: number; atMs: number }>();

  take(bucket: Bucket, cost: number, nowMs: number): Taken {
    const { policy } = bucket;
    const name = nameOf(bucket);
    const known = this.#state.get(name) ?? { n: policy.capacity, atMs: nowMs };
    const full = filled(policy, known.n, nowMs - known.atMs);
    const allowed = full >= cost;
    const n = allowed ? full - cost : full;
    this.#state.delete(name);
    this.#state.set(name, { n, atMs: nowMs });
    // The map keeps the order of last use: the one not used for longest goes first.
    if (this.#state.size > MOST_LOCAL) this.#state.delete(this.#state.keys().next().value!);
    return { allowed, remaining: [Math.floor(n)], retryAfterS: allowed ? 0 : Math.ceil((cost - n) / policy.perSecond) };
  }
}

/** Buckets smaller than this are asked for in Redis each time: their few tokens are what matters about them. */
const LEAST_CAPACITY = 1_000;
/** How much of a bucket a process gives out without asking, as part of its capacity. */
const UNASKED = 1 / 50;
/** What Redis said is believed for so long, */
const BELIEVED_MS = 10_000;
/** and asked for again, without waiting for it, when it is older than this. */
const FRESH_MS = 1_000;

/** What Redis said of a bucket, and what was given out since. */
interface Known {
  bucket: Bucket;
  n: number;
  atMs: number;
  /** Given out and not yet told to Redis; negative: given back. */
  owed: number;
}

/**
 * What this process knows of the buckets in Redis. While at least half of a bucket is there, requests are let through
 * without asking, up to a fiftieth of the bucket; what was given out is told later, many buckets at once. So all processes
 * together let through at most a fiftieth of the capacity for each process beyond the limit, once; the lasting rate is
 * exact, as all that was given out is taken.
 */
export class KnownBuckets {
  readonly #known = new Map<string, Known>();

  /** Takes from all buckets without asking; null when one of them has to be asked for. `old`: Redis should be told at once. */
  take(buckets: readonly Bucket[], cost: number, nowMs: number): (Taken & { old: boolean }) | null {
    let old = false;
    const all: Known[] = [];
    const remaining: number[] = [];
    for (const bucket of buckets) {
      const known = this.#believed(bucket, nowMs);
      if (!known) return null;
      const { capacity } = bucket.policy;
      const left = filled(bucket.policy, known.n, nowMs - known.atMs) - known.owed - cost;
      if (left < capacity / 2 || known.owed + cost > capacity * UNASKED) return null;
      old ||= Math.abs(nowMs - known.atMs) > FRESH_MS;
      all.push(known);
      remaining.push(Math.floor(Math.min(capacity, left)));
    }
    for (const known of all) known.owed += cost;
    return { allowed: true, remaining, retryAfterS: 0, old };
  }

  /** Gives tokens back without asking; false when a bucket is not known well enough. */
  giveBack(buckets: readonly Bucket[], cost: number, nowMs: number): boolean {
    const all = buckets.map((bucket) => this.#believed(bucket, nowMs));
    if (!all.every((known) => known !== null)) return false;
    for (const known of all) known.owed -= cost;
    return true;
  }

  /** What was given out of a bucket and is told to Redis now. */
  settle(bucket: Bucket): number {
    const known = this.#known.get(nameOf(bucket));
    if (!known) return 0;
    const { owed } = known;
    known.owed = 0;
    return owed;
  }

  /** Remembers what Redis said. */
  learn(bucket: Bucket, n: number, nowMs: number): void {
    if (bucket.policy.capacity < LEAST_CAPACITY) return;
    const name = nameOf(bucket);
    const known = this.#known.get(name);
    if (known) Object.assign(known, { n, atMs: nowMs });
    else if (this.#known.size < MOST_LOCAL) this.#known.set(name, { bucket, n, atMs: nowMs, owed: 0 });
  }

  /** Buckets of which something was given out; what has grown old is forgotten on the way. */
  owing(nowMs: number): Bucket[] {
    const buckets: Bucket[] = [];
    for (const [name, { bucket, atMs, owed }] of this.#known) {
      if (owed !== 0) buckets.push(bucket);
      else if (Math.abs(nowMs - atMs) > BELIEVED_MS) this.#known.delete(name);
    }
    return buckets;
  }

  #believed(bucket: Bucket, nowMs: number): Known | null {
    const known = this.#known.get(nameOf(bucket));
    return known && Math.abs(nowMs - known.atMs) <= BELIEVED_MS ? known : null;
  }
}
