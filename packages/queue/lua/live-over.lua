--[[
  Tells the last event of a session whose recording has become a job, once.
    KEYS[1] the session    KEYS[2] its events
    ARGV[1] JSON: { event (JSON), channel, keepMs (of what stays) }
  Output: { 'over' }
]]
local arg = cjson.decode(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'id', 'isOver')
if not session[1] or session[2] then return { 'over' } end
redis.call('XADD', KEYS[2], '*', 'e', arg.event)
redis.call('HSET', KEYS[1], 'isOver', 1)
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], arg.keepMs) end
redis.call('PUBLISH', arg.channel, 'end')
return { 'over' }
