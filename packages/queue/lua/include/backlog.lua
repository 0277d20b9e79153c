--[[
  A backlog is a sorted set: run id -> cost still to be done. Its sum is kept beside it, in a hash { runs, cost }, so
  that it need not be added up for each request. Builds before this one change only the set: so a sum counts only while
  it has as many runs as the set, and it expires, after which the next reader adds up anew.
]]
local SUM_KEPT_MS = 30000

local function sum_key(backlog) return backlog .. ':sum' end

-- Number of runs, and the sum of their costs.
local function sum_of(backlog)
  local runs, cost = redis.call('ZCARD', backlog), 0
  if runs == 0 then return 0, 0 end
  local kept = redis.call('HMGET', sum_key(backlog), 'runs', 'cost')
  if tonumber(kept[1]) == runs then return runs, math.max(0, tonumber(kept[2])) end
  local entries = redis.call('ZRANGE', backlog, 0, -1, 'WITHSCORES')
  for i = 2, #entries, 2 do cost = cost + tonumber(entries[i]) end
  redis.call('HSET', sum_key(backlog), 'runs', runs, 'cost', string.format('%.3f', cost))
  redis.call('PEXPIRE', sum_key(backlog), SUM_KEPT_MS)
  return runs, cost
end

local function change_sum(backlog, runs, cost)
  if redis.call('EXISTS', sum_key(backlog)) == 0 then return end
  if runs ~= 0 then redis.call('HINCRBY', sum_key(backlog), 'runs', runs) end
  redis.call('HINCRBYFLOAT', sum_key(backlog), 'cost', string.format('%.3f', cost))
end

local function add_cost(backlog, run_id, cost)
  if redis.call('ZADD', backlog, 'NX', cost, run_id) == 1 then change_sum(backlog, 1, cost) end
end

-- Of a run that is in the backlog; another one stays out of it.
local function set_cost(backlog, run_id, cost)
  local before = redis.call('ZSCORE', backlog, run_id)
  if not before then return end
  redis.call('ZADD', backlog, 'XX', cost, run_id)
  change_sum(backlog, 0, cost - tonumber(before))
end

local function remove_cost(backlog, run_id)
  local before = redis.call('ZSCORE', backlog, run_id)
  if not before then return end
  redis.call('ZREM', backlog, run_id)
  change_sum(backlog, -1, -tonumber(before))
end
