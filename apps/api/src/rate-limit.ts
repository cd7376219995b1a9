import { createHash } from 'node:crypto';
import { ProblemError } from '@suanxiang/domain/errors';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import type { Redis } from '@suanxiang/platform/redis';

/** A quota of `limit` requests per `windowS` seconds, spent evenly (GCRA: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). */
export interface RatePolicy {
  name: string;
  limit: number;
  windowS: number;
}

export const KEY_POLICY: RatePolicy = { name: 'key', limit: 2_000, windowS: 10 };
export const ORGANIZATION_POLICY: RatePolicy = { name: 'organization', limit: 4_000, windowS: 10 };
export const PUBLIC_POLICY: RatePolicy = { name: 'address', limit: 600, windowS: 10 };
/** Sign-in and sign-up: counted in this process too, so that an absent Redis opens no door. */
export const SIGN_IN_POLICY: RatePolicy = { name: 'sign-in', limit: 60, windowS: 60 };

export interface RateVerdict {
  policy: RatePolicy;
  remaining: number;
  /** Seconds until the quota is whole again, or until the next request may come when refused. */
  resetS: number;
  allowed: boolean;
}

const GCRA = `
local now = tonumber(ARGV[1]); local gap = tonumber(ARGV[2]); local burst = tonumber(ARGV[3])
local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if tat - now > burst - gap then return {0, tat - now} end
redis.call('SET', KEYS[1], tostring(tat + gap), 'PX', math.ceil(burst) + 1000)
return {1, tat + gap - now}`;

/** How long Redis is left alone after it failed: requests must not wait for it one by one. */
const PAUSE_MS = 5_000;

/** Counts requests. Without Redis, everything but signing in passes. */
export class RateLimiter {
  private pausedUntilMs = 0;
  private readonly local = new Map<string, { sinceMs: number; count: number }>();

  constructor(
    private readonly redis: Redis,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Takes one request from the quota of `subject`. Null when it could not be counted. */
  async take(policy: RatePolicy, subject: string): Promise<RateVerdict | null> {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.pausedUntilMs) return null;
    const burstMs = policy.windowS * 1_000;
    try {
      const key = `rate:${policy.name}:${subject}`;
      const answer = await this.redis.eval(GCRA, 1, key, nowMs, burstMs / policy.limit, burstMs);
      const [allowed, usedMs] = answer as [number, number];
      const left = Math.max(0, Math.floor(((burstMs - usedMs) / burstMs) * policy.limit));
      return {
        policy,
        allowed: allowed === 1,
        remaining: allowed === 1 ? left : 0,
        resetS: allowed === 1 ? Math.ceil(usedMs / 1_000) : 1,
      };
    } catch (error) {
      this.pausedUntilMs = nowMs + PAUSE_MS;
      this.logger.warn({ err: error }, 'rate limits are not counted: Redis does not answer');
      return null;
    }
  }

  /** Counts in this process alone. */
  takeLocally(policy: RatePolicy, subject: string): RateVerdict {
    const nowMs = this.clock.nowMs();
    const windowMs = policy.windowS * 1_000;
    if (this.local.size > 10_000) this.local.clear();
    let entry = this.local.get(subject);
    if (!entry || nowMs - entry.sinceMs >= windowMs) entry = { sinceMs: nowMs, count: 0 };
    entry.count += 1;
    this.local.set(subject, entry);
    const resetS = Math.max(1, Math.ceil((entry.sinceMs + windowMs - nowMs) / 1_000));
    return { policy, allowed: entry.count <= policy.limit, remaining: Math.max(0, policy.limit - entry.count), resetS };
  }
}

/** Name of a credential that is safe to keep. */
export function subjectOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 24);
}

/** RateLimit-Policy and RateLimit of the IETF draft, for the tightest verdict. */
export function rateHeaders(verdicts: readonly RateVerdict[]): Record<string, string> {
  if (verdicts.length === 0) return {};
  const policies = verdicts.map(({ policy }) => `"${policy.name}";q=${policy.limit};w=${policy.windowS}`);
  const tightest = [...verdicts].sort((a, b) => a.remaining / a.policy.limit - b.remaining / b.policy.limit)[0]!;
  return {
    'ratelimit-policy': policies.join(', '),
    ratelimit: `"${tightest.policy.name}";r=${tightest.remaining};t=${tightest.resetS}`,
  };
}

/** The problem of a spent quota. */
export function rateProblem(verdict: RateVerdict): ProblemError {
  const { policy, resetS } = verdict;
  return new ProblemError(
    'rate_limited',
    `More than ${policy.limit} requests in ${policy.windowS} s for this ${policy.name}.`,
    { suggestion: `Wait ${resetS} s, then go on more slowly.`, retryAfterS: resetS, members: { policy: policy.name } },
  );
}
