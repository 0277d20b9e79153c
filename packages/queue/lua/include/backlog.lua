--[[
  A backlog is a sorted set: run id -> cost still to be done. Its sum is kept beside it, in a hash { runs, cost }, so
  that it need not be added up for each request. Builds before this one change only the set: so a sum counts only while
  it has as many runs as the set, and it expires, after which the next reader adds up anew.
]]
local SUM_KEPT_MS = 30000

local function sum_key(backlog) return backlog .. ':sum' end

-- nil: there is none that counts.
local function kept_sum(backlog, runs)
  local kept = redis.call('HMGET', sum_key(backlog), 'runs', 'cost')
  if tonumber(kept[1]) == runs then return math.max(0, tonumber(kept[2])) end
end

local function keep_sum(backlog, runs, cost)
  redis.call('HSET', sum_key(backlog), 'runs', runs, 'cost', string.format('%.3f', cost))
  redis.call('PEXPIRE', sum_key(backlog), SUM_KEPT_MS)
end

-- Number of runs, and the sum of their costs.
local function sum_of(backlog)
  local runs = redis.call('ZCARD', backlog)
  if runs == 0 then return 0, 0 end
  local cost = kept_sum(backlog, runs)
  if cost then return runs, cost end
  cost = 0
  local entries = redis.call('ZRANGE', backlog, 0, -1, 'WITHSCORES')
  for i = 2, #entries, 2 do cost = cost + tonumber(entries[i]) end
  keep_sum(backlog, runs, cost)
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
