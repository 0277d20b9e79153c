--[[
  Looks a session up and lets it live on.
    KEYS[1] the session
    ARGV[1] JSON: { now, idleMs }
  Output: its fields, flat, as they were before; empty when there is no such session, or its time is over
]]
local arg = cjson.decode(ARGV[1])
local fields = redis.call('HGETALL', KEYS[1])
local endsAt = redis.call('HGET', KEYS[1], 'endsAtMs')
if not endsAt then return {} end
local left = tonumber(endsAt) - arg.now
if left <= 0 then
  redis.call('DEL', KEYS[1])
  return {}
end
redis.call('PEXPIRE', KEYS[1], math.min(arg.idleMs, left))
-- A Redis without room takes no field; nobody is to be signed out for that.
redis.pcall('HSET', KEYS[1], 'seenAtMs', string.format('%.0f', arg.now))
return fields
