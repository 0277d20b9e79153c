--[[
  The API key that a secret belongs to.
    KEYS[1] id of the API key, by the hash of its secret
    ARGV[1] JSON: { keyStem, hash (of the secret) }
  Output: the API key's record, flat; empty when there is none
]]
local arg = cjson.decode(ARGV[1])
local id = redis.call('GET', KEYS[1])
if not id then return {} end
local hashes = redis.call('HMGET', arg.keyStem .. id, 'hash', 'oldHash')
if hashes[1] ~= arg.hash and hashes[2] ~= arg.hash then return {} end
return redis.call('HGETALL', arg.keyStem .. id)
