--[[
  Leases events of a consumer that are due. They are due again when the lease is over, unless they have been dropped
  by then, since the process that took them may die.
    KEYS[1] the consumer's events, by when they are due
    ARGV[1] JSON: { now, leaseMs, limit }
  Output: the events, the longest due first
]]
local arg = cjson.decode(ARGV[1])
local events = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', arg.now, 'LIMIT', 0, arg.limit)
for _, event in ipairs(events) do redis.call('ZADD', KEYS[1], 'XX', arg.now + arg.leaseMs, event) end
return events
