--[[
  A worker begins a run, or continues it.
    KEYS[1] run
    ARGV[1] JSON: { now, stage, percent (where that stage begins), feed (see include/events.lua) }
  Output: the run's hash, flat; empty when it is not processing
]]
--- @include events

local arg = cjson.decode(ARGV[1])
if redis.call('HGET', KEYS[1], 'status') ~= 'processing' then return {} end
redis.call('HSETNX', KEYS[1], 'startedAtMs', arg.now)
if redis.call('HGET', KEYS[1], 'stage') == 'queued' then
  redis.call('HSET', KEYS[1], 'stage', arg.stage, 'progress', arg.percent)
  append_progress(arg.feed, arg.stage, arg.percent)
  notify(arg.feed, '')
end
return redis.call('HGETALL', KEYS[1])
