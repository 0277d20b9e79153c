--[[
  How far a run has come in its stage. The percentage never goes back.
    KEYS[1] run
    ARGV[1] JSON: { fraction (0-1), stages (list of { name, from, to } in percent), feed }
  Output: 'counted' or 'ended'
]]
--- @include events

local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'stage', 'progress')
if run[1] ~= 'processing' then return 'ended' end
for _, stage in ipairs(arg.stages) do
  if stage.name == run[2] then
    local percent = stage.from + (stage.to - stage.from) * arg.fraction
    move_to(arg.feed, KEYS[1], stage.name, tonumber(run[3]), percent)
  end
end
return 'counted'
