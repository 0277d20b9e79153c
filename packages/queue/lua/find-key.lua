--[[
  The key a secret belongs to.
    KEYS[1] key id by the secret's hash
    ARGV[1] JSON: { keyStem, hash (of the secret) }
  Output: the key's hash, flat; empty when there is none
]]
local arg = cjson.decode(ARGV[1])
local id = redis.call('GET', KEYS[1])
if not id then return {} end
local held = redis.call('HMGET', arg.keyStem .. id, 'hash', 'oldHash')
if held[1] ~= arg.hash and held[2] ~= arg.hash then return {} end
return redis.call('HGETALL', arg.keyStem .. id)
