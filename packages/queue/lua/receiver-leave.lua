--[[
  A call of a receiver of webhooks is over. Failures in a row close the receiver, for longer each time.
    KEYS[1] receiver    KEYS[2] calls of the receiver    KEYS[3] calls of all receivers of the API key
    ARGV[1] JSON: { call (its id), outcome ('quick', 'slow', 'failed', or 'unknown': nothing can be said), maxFailures,
      closedMs (the first time; doubles), maxClosedMs, keepMs (how long a receiver is remembered) }
  Output: { 'open' or 'closed' }
]]
local arg = cjson.decode(ARGV[1])
for i = 2, 3 do redis.call('ZREM', KEYS[i], arg.call) end
if arg.outcome == 'unknown' then return { 'open' } end
if arg.outcome ~= 'failed' then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'isQuick', arg.outcome == 'quick' and 1 or 0)
  redis.call('PEXPIRE', KEYS[1], arg.keepMs)
  return { 'open' }
end

redis.call('HDEL', KEYS[1], 'isQuick')
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('PEXPIRE', KEYS[1], arg.keepMs)
if failures < arg.maxFailures then return { 'open' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Calls that were under way when it was closed tell nothing new.
if tonumber(redis.call('HGET', KEYS[1], 'closedUntilMs') or 0) > now then return { 'closed' } end
local times = redis.call('HINCRBY', KEYS[1], 'timesClosed', 1)
local closed_ms = math.min(arg.maxClosedMs, arg.closedMs * 2 ^ (times - 1))
redis.call('HSET', KEYS[1], 'closedUntilMs', string.format('%.0f', now + closed_ms))
return { 'closed' }
