--[[
  Leases sessions that nobody hears, or whose lease is over: the process that had it has died.
    KEYS[1] leases
    ARGV[1] JSON: { now, leaseMs, owner, limit, stem (of sessions) }
  Output: ids
]]
local arg = cjson.decode(ARGV[1])
local claimed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', arg.now, 'LIMIT', 0, arg.limit)) do
  if redis.call('EXISTS', arg.stem .. id) == 0 then
    redis.call('ZREM', KEYS[1], id)
  else
    redis.call('HSET', arg.stem .. id, 'owner', arg.owner)
    redis.call('HINCRBY', arg.stem .. id, 'claims', 1)
    redis.call('ZADD', KEYS[1], arg.now + arg.leaseMs, id)
    claimed[#claimed + 1] = id
  end
end
return claimed
