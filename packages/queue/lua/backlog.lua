--[[
  How much work a backlog holds.
    KEYS[1] backlog: run id -> cost still to be done
  Output: { number of runs, sum of their costs }
]]
local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local sum = 0
for i = 2, #entries, 2 do sum = sum + tonumber(entries[i]) end
return { #entries / 2, math.floor(sum) }
