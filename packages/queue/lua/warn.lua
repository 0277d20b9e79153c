--[[
  Adds a warning to a run in processing, unless it is there already.
    KEYS[1] run
    ARGV[1] warning, JSON without line breaks
  Output: 1 if it was added, else 0
]]
local run = redis.call('HMGET', KEYS[1], 'status', 'warnings')
if run[1] ~= 'processing' then return 0 end
local warnings = run[2] or ''
if ('\n' .. warnings .. '\n'):find('\n' .. ARGV[1] .. '\n', 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'warnings', warnings == '' and ARGV[1] or (warnings .. '\n' .. ARGV[1]))
return 1
