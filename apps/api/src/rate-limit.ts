import type { Clock } from '@suanxiang/platform/clock';
import type { Redis } from '@suanxiang/platform/redis';
import type { Bucket, Policy, Taken } from './rate-bucket';
import { KnownBuckets, LocalBuckets, nameOf } from './rate-memory';
import { TAKE } from './rate-script';

export const POLICIES = {
  /** By principal: a key or a person. */
  principal: { name: 'principal', capacity: 1_200, perSecond: 100 },
  organization: { name: 'organization', capacity: 2_400, perSecond: 200 },
  /** By address, for routes without sign-in. */
  address: { name: 'address', capacity: 600, perSecond: 30 },
  /** By address, for signing in and up. */
  signIn: { name: 'sign-in', capacity: 120, perSecond: 2 },
  /** Failed sign-ins of one account from one address. */
  account: { name: 'account', capacity: 10, perSecond: 1 / 30 },
  /** Failed sign-ins of one account from anywhere: wide, so that others cannot lock its owner out with a few. */
  accountAnywhere: { name: 'account-anywhere', capacity: 200, perSecond: 1 },
} as const satisfies Record<string, Policy>;

/** How long Redis is left alone after it failed: requests must not wait for it one by one. */
const PAUSE_MS = 2_000;
/** How often Redis is told what was given out without asking. */
const TELL_MS = 500;
/** Buckets told at once. */
const MOST_TOLD = 500;

export interface RateLimiter {
  /** Takes `cost` tokens from all buckets or from none. Never throws. */
  take(buckets: readonly Bucket[], cost: number): Promise<Taken> | Taken;
  /** Gives tokens back, without waiting for it. */
  giveBack(buckets: readonly Bucket[], cost: number): void;
}

/**
 * Token buckets in Redis, on its clock, shared by all API processes (ADR 0033). Wide buckets that are far from empty are
 * not asked for each time; while Redis is away each process counts for itself.
 */
export function createRateLimiter(redis: Redis, clock: Clock): RateLimiter {
  const local = new LocalBuckets();
  const known = new KnownBuckets();
  let pausedUntilMs = 0;
  let willTell = false;
  let isTelling = false;

  async function inRedis(buckets: readonly Bucket[], cost: number): Promise<Taken | null> {
    if (clock.nowMs() < pausedUntilMs) return null;
    const given = buckets.map((bucket) => known.settle(bucket));
    try {
      const answer = (await redis.eval(
        TAKE,
        buckets.length,
        ...buckets.map((bucket) => `suan:rate:${nameOf(bucket)}`),
        cost,
        ...buckets.flatMap(({ policy }, index) => [policy.capacity, policy.perSecond / 1000, given[index]!]),
      )) as number[];
      const [waitMs, remaining] = [answer.at(-1)!, answer.slice(1, -1)];
      for (const [index, bucket] of buckets.entries()) known.learn(bucket, remaining[index]!, clock.nowMs());
      return { allowed: answer[0] === 1, remaining, retryAfterS: Math.ceil(waitMs / 1000) };
    } catch {
      const nowMs = clock.nowMs();
      pausedUntilMs = nowMs + PAUSE_MS;
      for (const [index, bucket] of buckets.entries()) if (given[index]! > 0) local.take(bucket, given[index]!, nowMs);
      return null;
    }
  }

  async function tell(): Promise<void> {
    const owing = known.owing(clock.nowMs());
    for (let from = 0; from < owing.length; from += MOST_TOLD) await inRedis(owing.slice(from, from + MOST_TOLD), 0);
    willTell = false;
    if (owing.length > 0) tellSoon();
  }

  /** Tells now and learns what others took, so that what is remembered of a bucket in slow use does not grow old. */
  async function tellNow(): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    await tell();
    isTelling = false;
  }

  function tellSoon(): void {
    if (willTell) return;
    willTell = true;
    setTimeout(() => void tell(), TELL_MS).unref();
  }

  async function ask(buckets: readonly Bucket[], cost: number): Promise<Taken> {
    const taken = await inRedis(buckets, cost);
    if (taken) return taken;
    const all = buckets.map((bucket) => local.take(bucket, cost, clock.nowMs()));
    return {
      allowed: all.every((one) => one.allowed),
      remaining: all.map((one) => one.remaining[0]!),
      retryAfterS: Math.max(...all.map((one) => one.retryAfterS)),
    };
  }

  return {
    take(buckets, cost) {
      const taken = known.take(buckets, cost, clock.nowMs());
      if (!taken) return ask(buckets, cost);
      if (taken.old) void tellNow();
      tellSoon();
      return taken;
    },
    giveBack(buckets, cost) {
      if (known.giveBack(buckets, cost, clock.nowMs())) tellSoon();
      else void inRedis(buckets, -cost);
    },
  };
}

/** What RateLimit-Policy says of a policy: the same with every answer. */
const POLICY_TEXTS = new Map<Policy, string>(
  Object.values(POLICIES).map((policy) => [
    policy,
    `"${policy.name}";q=${policy.capacity};w=${Math.ceil(policy.capacity / policy.perSecond)}`,
  ]),
);

/** Values of the headers RateLimit-Policy and RateLimit (IETF draft). */
export function rateLimitHeaders(buckets: readonly Bucket[], taken: Taken): { policy: string; state: string } {
  const stateOf = ({ name, capacity, perSecond }: Policy, left: number) =>
    `"${name}";r=${Math.max(0, left)};t=${Math.ceil((capacity - left) / perSecond)}`;
  return {
    policy: buckets.map(({ policy }) => POLICY_TEXTS.get(policy)).join(', '),
    state: buckets.map(({ policy }, index) => stateOf(policy, taken.remaining[index] ?? 0)).join(', '),
  };
}
