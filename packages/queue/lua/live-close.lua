--[[
  No more audio comes; what has come is still heard.
    KEYS[1] the session
    ARGV[1] JSON: { by }
  Output: { 'closed' } | { 'gone' }
]]
local arg = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone' } end
redis.call('HSETNX', KEYS[1], 'closedBy', arg.by)
return { 'closed' }
