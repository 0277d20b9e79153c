--[[
  Takes events of a consumer that are due. They come again after the lease, unless they are dropped by then: whoever takes
  them may die.
    KEYS[1] the consumer's events, by when they are due
    ARGV[1] JSON: { now, leaseMs, limit }
  Output: the events, those that have been due for longest first
]]
local arg = cjson.decode(ARGV[1])
local events = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', arg.now, 'LIMIT', 0, arg.limit)
for _, event in ipairs(events) do redis.call('ZADD', KEYS[1], 'XX', arg.now + arg.leaseMs, event) end
return events
