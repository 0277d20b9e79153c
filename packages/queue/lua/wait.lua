--[[
  A job of a run waits for something that is away.
    KEYS[1] run
    ARGV[1] JSON: { runId, cause, now, waitingStem (of the sets of waiting runs, by cause) }
  Output: since when the run has waited, in ms; -1 when there is no such run
]]
local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'waiting')
if not run[1] then return -1 end
local since = arg.now
if run[2] and run[2] ~= '' then
  local before = cjson.decode(run[2])
  since = before.sinceMs
  if before.cause ~= arg.cause then redis.call('SREM', arg.waitingStem .. before.cause, arg.runId) end
end
redis.call('HSET', KEYS[1], 'waiting', string.format('{"cause":"%s","sinceMs":%.0f}', arg.cause, since))
if run[1] == 'processing' then redis.call('SADD', arg.waitingStem .. arg.cause, arg.runId) end
return since
