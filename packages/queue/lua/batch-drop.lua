--[[
  Drops a batch that has not been accepted, because its process gave it up, or died and lost the lease. The caller
  then takes its requests back and forgets it; if the caller dies in between, the next sweep does.
    KEYS[1] batch    KEYS[2] lease    KEYS[3] requests being attached    KEYS[4] staged uploads
    ARGV[1] JSON: { isOurs (the caller owns the lease) }
  Output: { 'dropped', { request ids }, { blob keys } }, or { 'kept' } when it must not be dropped
]]
local arg = cjson.decode(ARGV[1])
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'accepting' and state ~= 'dropped' then return { 'kept' } end
if state == 'accepting' and not arg.isOurs and redis.call('EXISTS', KEYS[2]) == 1 then return { 'kept' } end
redis.call('HSET', KEYS[1], 'state', 'dropped')
return { 'dropped', redis.call('SMEMBERS', KEYS[3]), redis.call('SMEMBERS', KEYS[4]) }
