--[[
  Takes the next turn of an API key in a lane, for new jobs of one of its runs.
    KEYS[1] next turns in the lane; in a cluster, it says which node the script goes to
    ARGV[1] JSON: { turn (see include/turns.lua), record (of the key), field (of the key), backlogs (of the key, all
      units) }
  Output: { turn, weight, as text, and the key's number of unfinished runs }
]]
--- @include turns

local arg = cjson.decode(ARGV[1])
local turn, weight = take_turn(arg.turn, arg.record, arg.field)
local runs = 0
for _, key in ipairs(arg.backlogs) do runs = runs + redis.call('ZCARD', key) end
return { turn, weight, runs }
