--[[
  Stores one try to deliver a webhook, for as long as its request or batch is kept.
    KEYS[1] request or batch    KEYS[2] attempts
    ARGV[1] attempt, JSON    ARGV[2] attempts kept
  Output: 1 if stored, 0 when it is gone
]]
local ttl = redis.call('PTTL', KEYS[1])
if ttl <= 0 then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], -ARGV[2], -1)
redis.call('PEXPIRE', KEYS[2], ttl)
return 1
