--[[
  The key a secret belongs to.
    KEYS[1] key id by the secret's hash
    ARGV[1] stem of keys    ARGV[2] the secret's hash
  Output: the key's hash, flat; empty when there is none
]]
local id = redis.call('GET', KEYS[1])
if not id then return {} end
local held = redis.call('HMGET', ARGV[1] .. id, 'hash', 'oldHash')
if held[1] ~= ARGV[2] and held[2] ~= ARGV[2] then return {} end
return redis.call('HGETALL', ARGV[1] .. id)
