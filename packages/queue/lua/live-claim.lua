--[[
  Leases sessions that nobody hears, or whose lease is over: the process that had it has died. Those that ask for a model
  that the claimant does not have are left to others; a session that none of them takes goes to anybody, to be ended.
    KEYS[...] leases: of sessions that are stored, and of those that are not
    ARGV[1] JSON: { now, leaseMs, owner, limit, models (names), missedMs (how long nobody has taken it), stem (of sessions) }
  Output: ids
]]
local arg = cjson.decode(ARGV[1])
local has = {}
for _, name in ipairs(arg.models) do has[name] = true end

-- Whether the claimant may hear a session; otherwise it is noted since when nobody does.
local function may_take(session)
  local stored = redis.call('HMGET', session, 'options', 'missedSinceMs')
  local model = stored[1] and cjson.decode(stored[1]).model or cjson.null
  if model == cjson.null or has[model] then return true end
  if stored[2] then return arg.now - tonumber(stored[2]) > arg.missedMs end
  redis.call('HSET', session, 'missedSinceMs', string.format('%.0f', arg.now))
  return false
end

local claimed = {}
for _, leases in ipairs(KEYS) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', arg.now)) do
    if #claimed >= arg.limit then break end
    local session = arg.stem .. id
    if redis.call('EXISTS', session) == 0 then
      redis.call('ZREM', leases, id)
    elseif may_take(session) then
      redis.call('HSET', session, 'owner', arg.owner)
      redis.call('HDEL', session, 'missedSinceMs')
      redis.call('HINCRBY', session, 'claims', 1)
      redis.call('ZADD', leases, arg.now + arg.leaseMs, id)
      claimed[#claimed + 1] = id
    end
  end
end
return claimed
