--[[
  Opens a session, or stores a secret for pages. An account with as many as it may have loses its oldest one.
    KEYS[1] the session    KEYS[2] sessions of the account
    ARGV[1] JSON: { id, now, endsAt, idleMs, most (sessions of an account), stem (of sessions), fields (name -> text) }
]]
local arg = cjson.decode(ARGV[1])
-- Those that were idle for too long are gone; they are still listed.
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('EXISTS', arg.stem .. id) == 0 then redis.call('ZREM', KEYS[2], id) end
end
while redis.call('ZCARD', KEYS[2]) >= arg.most do
  redis.call('DEL', arg.stem .. redis.call('ZPOPMIN', KEYS[2])[1])
end
for name, text in pairs(arg.fields) do redis.call('HSET', KEYS[1], name, text) end
redis.call('PEXPIRE', KEYS[1], math.min(arg.idleMs, arg.endsAt - arg.now))
redis.call('ZADD', KEYS[2], arg.endsAt, arg.id)
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[2], last[2])
return 'opened'
