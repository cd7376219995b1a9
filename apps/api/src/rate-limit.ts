import type { Clock } from '@suanxiang/platform/clock';
import type { Redis } from '@suanxiang/platform/redis';

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
  /** Whole tokens left, by bucket; null when nobody counted (Redis away and the caller let through). */
  remaining: (number | null)[];
  /** Seconds until the request would fit; 0 when allowed. */
  retryAfterS: number;
}

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

// KEYS: buckets. ARGV: cost, then capacity and tokens per millisecond of each. Takes from all buckets or from none; a
// negative cost gives back. Answers 1 or 0, then the whole tokens left in each, then the milliseconds to wait.
const TAKE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local cost = tonumber(ARGV[1])
local tokens, allowed, wait = {}, 1, 0
for i, key in ipairs(KEYS) do
  local capacity, rate = tonumber(ARGV[i * 2]), tonumber(ARGV[i * 2 + 1])
  local state = redis.call('HMGET', key, 'n', 't')
  local n = tonumber(state[1]) or capacity
  n = math.min(capacity, n + math.max(0, now - (tonumber(state[2]) or now)) * rate)
  if n < cost then
    allowed = 0
    wait = math.max(wait, (cost - n) / rate)
  end
  tokens[i] = n
end
local answer = { allowed }
for i, key in ipairs(KEYS) do
  local capacity, rate = tonumber(ARGV[i * 2]), tonumber(ARGV[i * 2 + 1])
  local n = tokens[i]
  if allowed == 1 then n = math.min(capacity, n - cost) end
  redis.call('HSET', key, 'n', tostring(n), 't', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil(capacity / rate) + 1000)
  answer[#answer + 1] = math.floor(n)
end
answer[#answer + 1] = math.ceil(wait)
return answer`;

const MOST_LOCAL = 10_000;
/** How long Redis is left alone after it failed: requests must not wait for it one by one. */
const PAUSE_MS = 2_000;

/** Buckets inside this process, for when Redis is away. */
class LocalBuckets {
  readonly #state = new Map<string, { n: number; atMs: number }>();

  take(bucket: Bucket, cost: number, nowMs: number): Taken {
    const { policy, key } = bucket;
    const name = `${policy.name}:${key}`;
    const known = this.#state.get(name) ?? { n: policy.capacity, atMs: nowMs };
    const elapsedS = Math.max(0, nowMs - known.atMs) / 1000;
    const filled = Math.min(policy.capacity, known.n + elapsedS * policy.perSecond);
    const allowed = filled >= cost;
    const n = allowed ? filled - cost : filled;
    this.#state.delete(name);
    this.#state.set(name, { n, atMs: nowMs });
    // The map keeps the order of last use: the one not used for longest goes first.
    if (this.#state.size > MOST_LOCAL) this.#state.delete(this.#state.keys().next().value!);
    return { allowed, remaining: [Math.floor(n)], retryAfterS: allowed ? 0 : Math.ceil((cost - n) / policy.perSecond) };
  }
}

/** What to do while Redis is away: let through, or count inside this process. */
export type WithoutRedis = 'open' | 'local';

export interface RateLimiter {
  /** Takes `cost` tokens from all buckets or from none. Never throws. */
  take(buckets: readonly Bucket[], cost: number, withoutRedis: WithoutRedis): Promise<Taken>;
  /** Gives tokens back, without waiting for it. */
  giveBack(buckets: readonly Bucket[], cost: number): void;
}

/** Token buckets in Redis, on its clock, shared by all API processes. */
export function createRateLimiter(redis: Redis, clock: Clock): RateLimiter {
  const local = new LocalBuckets();
  let pausedUntilMs = 0;

  async function inRedis(buckets: readonly Bucket[], cost: number): Promise<Taken | null> {
    if (clock.nowMs() < pausedUntilMs) return null;
    try {
      const answer = (await redis.eval(
        TAKE,
        buckets.length,
        ...buckets.map(({ policy, key }) => `suan:rate:${policy.name}:${key}`),
        cost,
        ...buckets.flatMap(({ policy }) => [policy.capacity, policy.perSecond / 1000]),
      )) as number[];
      const waitMs = answer.at(-1)!;
      return { allowed: answer[0] === 1, remaining: answer.slice(1, -1), retryAfterS: Math.ceil(waitMs / 1000) };
    } catch {
      pausedUntilMs = clock.nowMs() + PAUSE_MS;
      return null;
    }
  }

  return {
    async take(buckets, cost, withoutRedis) {
      const taken = await inRedis(buckets, cost);
      if (taken) return taken;
      if (withoutRedis === 'open') return { allowed: true, remaining: buckets.map(() => null), retryAfterS: 0 };
      const all = buckets.map((bucket) => local.take(bucket, cost, clock.nowMs()));
      return {
        allowed: all.every((one) => one.allowed),
        remaining: all.map((one) => one.remaining[0] ?? null),
        retryAfterS: Math.max(...all.map((one) => one.retryAfterS)),
      };
    },
    giveBack(buckets, cost) {
      void inRedis(buckets, -cost);
    },
  };
}

/** Values of the headers RateLimit-Policy and RateLimit (IETF draft), or null where nothing was counted. */
export function rateLimitHeaders(buckets: readonly Bucket[], taken: Taken): { policy: string; state: string } | null {
  const counted = buckets.flatMap(({ policy }, index) => {
    const left = taken.remaining[index] ?? null;
    return left === null ? [] : [{ policy, left }];
  });
  if (counted.length === 0) return null;
  const windowS = (policy: Policy) => Math.ceil(policy.capacity / policy.perSecond);
  const resetS = (policy: Policy, left: number) => Math.ceil((policy.capacity - left) / policy.perSecond);
  return {
    policy: counted.map(({ policy }) => `"${policy.name}";q=${policy.capacity};w=${windowS(policy)}`).join(', '),
    state: counted
      .map(({ policy, left }) => `"${policy.name}";r=${Math.max(0, left)};t=${resetS(policy, left)}`)
      .join(', '),
  };
}
