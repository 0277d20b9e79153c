--[[
  Gives a key a new secret. The one before works until its grace is over, those before that no more.
    KEYS[1] key    KEYS[2] key id by the new secret's hash
    ARGV[1] key id    ARGV[2] the new secret's hash    ARGV[3] grace, ms    ARGV[4] now, ms
    ARGV[5] stem of ids by hash
  Output: 1 if rotated, 0 if there is no such key
]]
local held = redis.call('HMGET', KEYS[1], 'hash', 'oldHash')
if not held[1] then return 0 end
if held[2] then redis.call('DEL', ARGV[5] .. held[2]) end
redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'oldHash', held[1], 'rotatedAtMs', ARGV[4])
redis.call('SET', KEYS[2], ARGV[1])
if tonumber(ARGV[3]) > 0 then redis.call('PEXPIRE', ARGV[5] .. held[1], ARGV[3]) else redis.call('DEL', ARGV[5] .. held[1]) end
return 1
