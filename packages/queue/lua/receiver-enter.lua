--[[
  May a receiver of webhooks be called now? If so, the call is counted, until it is over or its process has died. A
  receiver that has not answered several times in a row is left alone for a while, and then called once to see.
    KEYS[1] receiver    KEYS[2] calls of the receiver    KEYS[3] calls of all receivers of the API key
    ARGV[1] JSON: { call (its id), leaseMs, quickCalls (at once, while it answers quickly), otherCalls (otherwise),
      keyCalls (absent: no limit), maxFailures }
  Output: { 'enter' } | { 'busy' } | { 'closed', failures in a row }
]]
local arg = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'failures', 'closedUntilMs', 'isQuick')
local failures = tonumber(state[1] or 0)
if tonumber(state[2] or 0) > now then return { 'closed', failures } end

local allowed = state[3] == '1' and arg.quickCalls or arg.otherCalls
if failures >= arg.maxFailures then allowed = 1 end
local limits = { [2] = allowed, [3] = arg.keyCalls }
for i = 2, 3 do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  if limits[i] and redis.call('ZCARD', KEYS[i]) >= limits[i] then return { 'busy' } end
end
for i = 2, 3 do
  redis.call('ZADD', KEYS[i], now + arg.leaseMs, arg.call)
  redis.call('PEXPIRE', KEYS[i], arg.leaseMs)
end
return { 'enter' }
