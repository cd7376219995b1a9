import type { AppContext } from '../context';
import { TerminalRefused } from './terminal-session';
import type { TerminalGrant } from './tickets';

const MOST_OF_WORKLOAD = 16;
const MOST_OF_CALLER = 32;
const MOST_OF_ORGANIZATION = 100;
/** A session that has not been heard of for so long has ended with its server. */
const FORGOTTEN_MS = 15_000;

const keysOf = ({ orgId, workloadId }: TerminalGrant, actor: string) => [
  `suan:terminal:of:${orgId}`,
  `suan:terminal:of:${orgId}:${actor}`,
  `suan:terminal:of:${orgId}:${workloadId}`,
];

// KEYS: sessions of the organisation, of the caller, of the workload. ARGV: session, ms until forgotten, most of each.
const ENTER = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i = 1, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  if redis.call('ZSCORE', KEYS[i], ARGV[1]) == false and redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[2 + i]) then return 0 end
end
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', KEYS[i], ARGV[2])
end
return 1`;

/** Counts a session on all servers together, or counts it on. Throws TerminalRefused when there are too many. */
export async function countSession(
  ctx: AppContext,
  grant: TerminalGrant,
  actor: string,
  sessionId: string,
): Promise<void> {
  const keys = keysOf(grant, actor);
  const limits = [MOST_OF_ORGANIZATION, MOST_OF_CALLER, MOST_OF_WORKLOAD];
  const entered = await ctx.redis.eval(ENTER, keys.length, ...keys, sessionId, FORGOTTEN_MS, ...limits);
  if (entered !== 1) throw new TerminalRefused('too_many_sessions');
}

/** Takes a session off the count. */
export async function uncountSession(
  ctx: AppContext,
  grant: TerminalGrant,
  actor: string,
  sessionId: string,
): Promise<void> {
  for (const key of keysOf(grant, actor)) await ctx.redis.zrem(key, sessionId);
}
