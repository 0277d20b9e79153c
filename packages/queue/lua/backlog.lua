--[[
  How much work a backlog holds.
    KEYS[1] backlog: run id -> cost still to be done
  Output: { number of runs, sum of their costs }
]]
--- @include backlog

local runs, cost = sum_of(KEYS[1])
return { runs, math.floor(cost) }
