/**
 * KEYS: buckets. ARGV: cost, then of each bucket its capacity, tokens per millisecond, and what was given out of it already
 * without asking, which is taken in any case. Takes the cost from all buckets or from none; a negative one gives back.
 * Answers 1 or 0, then the whole tokens left in each, then the milliseconds to wait.
 */
export const TAKE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local cost = tonumber(ARGV[1])
local tokens, allowed, wait = {}, 1, 0
for i, key in ipairs(KEYS) do
  local capacity, rate, given = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3]), tonumber(ARGV[i * 3 + 1])
  local state = redis.call('HMGET', key, 'n', 't')
  local n = tonumber(state[1]) or capacity
  n = math.min(capacity, n + math.max(0, now - (tonumber(state[2]) or now)) * rate)
  n = math.min(capacity, n - given)
  if n < cost then
    allowed = 0
    wait = math.max(wait, (cost - n) / rate)
  end
  tokens[i] = n
end
local answer = { allowed }
for i, key in ipairs(KEYS) do
  local capacity, rate = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  local n = tokens[i]
  if allowed == 1 then n = math.min(capacity, n - cost) end
  redis.call('HSET', key, 'n', tostring(n), 't', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil(capacity / rate) + 1000)
  answer[#answer + 1] = math.floor(n)
end
answer[#answer + 1] = math.ceil(wait)
return answer`;
