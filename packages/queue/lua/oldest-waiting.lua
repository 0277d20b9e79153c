--[[
  When the run of each lane that has waited longest for its first turn was accepted.
    KEYS[1] runs in processing, by when they were accepted
    ARGV[1] JSON: { runStem, limit (so many of the oldest are looked at) }
  Output: for each lane in which a run waits, in one flat list: lane, when it was accepted
]]
local arg = cjson.decode(ARGV[1])
local entries = redis.call('ZRANGE', KEYS[1], 0, arg.limit - 1, 'WITHSCORES')
local seen, flat = {}, {}
for i = 1, #entries, 2 do
  local run = redis.call('HMGET', arg.runStem .. entries[i], 'lane', 'startedAtMs')
  local lane = run[1]
  if lane and (not run[2] or run[2] == '') and not seen[lane] then
    seen[lane] = true
    flat[#flat + 1] = lane
    flat[#flat + 1] = entries[i + 1]
  end
end
return flat
