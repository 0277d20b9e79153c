--[[
  Ends all sessions of an account.
    KEYS[1] sessions of the account
    ARGV[1] stem of sessions
  Output: how many there were
]]
local ids = redis.call('ZRANGE', KEYS[1], 0, -1)
local ended = 0
for _, id in ipairs(ids) do ended = ended + redis.call('DEL', ARGV[1] .. id) end
redis.call('DEL', KEYS[1])
return ended
