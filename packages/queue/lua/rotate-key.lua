--[[
  Gives an API key a new secret. The previous one works until its grace period is over; older ones stop working.
    KEYS[1] API key    KEYS[2] id of the API key, by the hash of the new secret
    ARGV[1] JSON: { keyId, hash (of the new secret), graceMs, now, hashStem (of ids by hash) }
  Output: 'rotated', or 'unknown' if there is no such API key
]]
local arg = cjson.decode(ARGV[1])
local hashes = redis.call('HMGET', KEYS[1], 'hash', 'oldHash')
if not hashes[1] then return 'unknown' end
if hashes[2] then redis.call('DEL', arg.hashStem .. hashes[2]) end
redis.call('HSET', KEYS[1], 'hash', arg.hash, 'oldHash', hashes[1], 'rotatedAtMs', arg.now)
redis.call('SET', KEYS[2], arg.keyId)
local old = arg.hashStem .. hashes[1]
if arg.graceMs > 0 then redis.call('PEXPIRE', old, arg.graceMs) else redis.call('DEL', old) end
return 'rotated'
