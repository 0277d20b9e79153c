--[[
  Gives a session back that somebody else is to hear, at once.
    KEYS[1] the session    KEYS[2] leases
    ARGV[1] JSON: { id, owner }
  Output: { 'released' } | { 'lost' }: it is somebody else's already
]]
local arg = cjson.decode(ARGV[1])
if redis.call('HGET', KEYS[1], 'owner') ~= arg.owner then return { 'lost' } end
redis.call('HDEL', KEYS[1], 'owner')
redis.call('ZADD', KEYS[2], 'XX', 0, arg.id)
return { 'released' }
