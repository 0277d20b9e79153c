--[[
  What an API key has used, and may use, in a period (a day or a month of UTC). A period's hash counts, in ms of sound:
  `held`, guessed when a run is accepted, until its recording is decoded; `used`, what recordings turned out to have,
  taken back when a run fails or is cancelled; `audioMs`, of completed runs; and `engineMs` and `requests`.
  Callers must be in the same script as the change of the run, so that no process can die between the two.
]]
local QUOTA_NAMES = { 'day', 'month' }

-- Milliseconds per quota; nil: no limit. A record is read at each use, so that a change holds at once.
local function quotas_of(key_record)
  local json = redis.call('HGET', key_record, 'limits')
  local limits = json and cjson.decode(json) or {}
  local function ms(minutes) return type(minutes) == 'number' and math.floor(minutes * 60000) or nil end
  return { day = ms(limits.audioMinutesPerDay), month = ms(limits.audioMinutesPerMonth) }
end

local function usage_of(usage_key)
  local values = redis.call('HMGET', usage_key, 'used', 'held')
  return tonumber(values[1] or 0), tonumber(values[2] or 0)
end

-- A period that is not kept any more is not begun again: nothing would take it away.
local function add_usage(usage_key, field, amount)
  if amount ~= 0 and redis.call('EXISTS', usage_key) == 1 then redis.call('HINCRBY', usage_key, field, amount) end
end

-- Puts a webhook into the outbox, once in a period for each percentage, whatever is taken back later.
local function tell_quota(outbox, usage_key, key_id, period, percent, limit, used, now)
  local event = cjson.encode({ percent = percent, limitMs = limit, usedMs = used, atMs = tonumber(now) })
  if redis.call('HSETNX', usage_key, 'told' .. percent, event) == 0 then return end
  redis.call('ZADD', outbox, now, 'quota.' .. key_id .. '.' .. period .. '.' .. percent .. '.1')
  redis.call('PUBLISH', outbox, '')
end
