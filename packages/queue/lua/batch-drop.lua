--[[
  Gives up a batch that was not accepted: its process gave up itself, or died and holds the lease no more. The caller then
  takes back the requests and forgets the batch; who dies in between is followed by the next sweep.
    KEYS[1] batch    KEYS[2] lease    KEYS[3] requests being attached    KEYS[4] blobs it holds
    ARGV[1] JSON: { isOurs (whoever holds the lease is the caller) }
  Output: { 'dropped', { request ids }, { blob keys } }; { 'kept' } when it is not to be dropped
]]
local arg = cjson.decode(ARGV[1])
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'accepting' and state ~= 'dropped' then return { 'kept' } end
if state == 'accepting' and not arg.isOurs and redis.call('EXISTS', KEYS[2]) == 1 then return { 'kept' } end
redis.call('HSET', KEYS[1], 'state', 'dropped')
return { 'dropped', redis.call('SMEMBERS', KEYS[3]), redis.call('SMEMBERS', KEYS[4]) }
