--[[
  Gives a key a new secret. The one before works until its grace is over, those before that no more.
    KEYS[1] key    KEYS[2] key id by the new secret's hash
    ARGV[1] JSON: { keyId, hash (of the new secret), graceMs, now, hashStem (of ids by hash) }
  Output: 'rotated', or 'unknown' if there is no such key
]]
local arg = cjson.decode(ARGV[1])
local held = redis.call('HMGET', KEYS[1], 'hash', 'oldHash')
if not held[1] then return 'unknown' end
if held[2] then redis.call('DEL', arg.hashStem .. held[2]) end
redis.call('HSET', KEYS[1], 'hash', arg.hash, 'oldHash', held[1], 'rotatedAtMs', arg.now)
redis.call('SET', KEYS[2], arg.keyId)
local old = arg.hashStem .. held[1]
if arg.graceMs > 0 then redis.call('PEXPIRE', old, arg.graceMs) else redis.call('DEL', old) end
return 'rotated'
