--[[
  How much of a window has been decoded. Their sum is kept (`begun`): a fleet of a thousand slots may decode windows of
  one run.
    KEYS[1] run    KEYS[2] windows    KEYS[3] fractions
    ARGV[1] JSON: { index, fraction (0-1), stage { name, from, to }, feed }
  Output: 'counted', or 'ended' if the window or the run has ended
]]
--- @include events

local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'windowsTotal', 'windowsDone', 'progress')
if run[1] ~= 'processing' or redis.call('HEXISTS', KEYS[2], arg.index) == 1 then return 'ended' end
local before = tonumber(redis.call('HGET', KEYS[3], arg.index) or 0)
redis.call('HSET', KEYS[3], arg.index, arg.fraction)
local begun = tonumber(redis.call('HINCRBYFLOAT', KEYS[1], 'begun', arg.fraction - before))
local done = tonumber(run[3]) + math.max(0, begun)
local stage = arg.stage
local share = math.min(1, done / math.max(1, tonumber(run[2]) or 1))
move_to(arg.feed, KEYS[1], stage.name, tonumber(run[4]), stage.from + (stage.to - stage.from) * share)
return 'counted'
