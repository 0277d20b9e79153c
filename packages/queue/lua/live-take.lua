--[[
  A connection takes a session; whichever had it before learns so when it next sends something.
    KEYS[1] the session
    ARGV[1] JSON: { now, holder, keyId }
  Output: { 'taken' } | { 'unknown' }: there is none, or it is another key's
]]
local arg = cjson.decode(ARGV[1])
if redis.call('HGET', KEYS[1], 'keyId') ~= arg.keyId then return { 'unknown' } end
redis.call('HSET', KEYS[1], 'holder', arg.holder, 'seenAtMs', string.format('%.0f', arg.now))
return { 'taken' }
