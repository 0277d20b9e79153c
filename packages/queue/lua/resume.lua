--[[
  A job of a run has got what the run waited for.
    KEYS[1] run
    ARGV[1] JSON: { runId, waitingStem (of the sets of waiting runs, by cause) }
  Output: 1, or 0 when it did not wait
]]
local arg = cjson.decode(ARGV[1])
local waiting = redis.call('HGET', KEYS[1], 'waiting')
if not waiting then return 0 end
redis.call('SREM', arg.waitingStem .. cjson.decode(waiting).cause, arg.runId)
return redis.call('HDEL', KEYS[1], 'waiting')
