--[[
  Gives up a batch that was not accepted: its process gave up itself, or died and holds the lease no more. The caller then
  takes back the requests and calls batch-forget; who dies in between is followed by the next sweep.
    KEYS[1] batch    KEYS[2] lease    KEYS[3] requests being attached    KEYS[4] blobs it holds
    ARGV[1] '1': whoever holds the lease is the caller
  Output: { 1, { request ids }, { blob keys } }; { 0 } when it is not to be dropped
]]
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'accepting' and state ~= 'dropped' then return { 0 } end
if state == 'accepting' and ARGV[1] ~= '1' and redis.call('EXISTS', KEYS[2]) == 1 then return { 0 } end
redis.call('HSET', KEYS[1], 'state', 'dropped')
return { 1, redis.call('SMEMBERS', KEYS[3]), redis.call('SMEMBERS', KEYS[4]) }
