--[[
  Records one attempt to deliver a webhook, for as long as its request or batch is kept.
    KEYS[1] request or batch    KEYS[2] attempts
    ARGV[1] JSON: { attempt (JSON), kept (how many are kept) }
  Output: 'stored' or 'gone'
]]
local arg = cjson.decode(ARGV[1])
local ttl = redis.call('PTTL', KEYS[1])
if ttl <= 0 then return 'gone' end
redis.call('RPUSH', KEYS[2], arg.attempt)
redis.call('LTRIM', KEYS[2], -arg.kept, -1)
redis.call('PEXPIRE', KEYS[2], ttl)
return 'stored'
