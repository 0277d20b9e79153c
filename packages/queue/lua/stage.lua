--[[
  Moves a run forward to a stage; never back.
    KEYS[1] run
    ARGV[1] JSON: { stage, percent (where it begins), stages (names of its kind's, in order), feed }
  Output: 'entered' if the run is in that stage now; else 'ended' or 'past'
]]
--- @include events

local arg = cjson.decode(ARGV[1])
local rank = {}
for i, name in ipairs(arg.stages) do rank[name] = i end
local run = redis.call('HMGET', KEYS[1], 'status', 'stage', 'progress')
if run[1] ~= 'processing' then return 'ended' end
if (rank[run[2]] or 0) > rank[arg.stage] then return 'past' end
if run[2] == arg.stage then return 'entered' end
local percent = math.max(tonumber(run[3]), arg.percent)
redis.call('HSET', KEYS[1], 'stage', arg.stage, 'progress', percent)
append_progress(arg.feed, arg.stage, percent)
notify(arg.feed, '')
return 'entered'
