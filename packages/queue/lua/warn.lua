--[[
  Adds a warning to a run in processing, unless it has it already.
    KEYS[1] run
    ARGV[1] JSON: { warning (JSON without line breaks) }
  Output: 'added', 'known', or 'ended': nobody would read a warning that comes after the end
]]
local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'warnings')
if run[1] ~= 'processing' then return 'ended' end
local warnings = run[2] or ''
if ('\n' .. warnings .. '\n'):find('\n' .. arg.warning .. '\n', 1, true) then return 'known' end
redis.call('HSET', KEYS[1], 'warnings', warnings == '' and arg.warning or (warnings .. '\n' .. arg.warning))
return 'added'
