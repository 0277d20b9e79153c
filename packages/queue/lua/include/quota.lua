--[[
  What an API key has used, and may use, in a period (a day or a month of UTC). A period's hash counts, in the unit of
  the kind of run (`unit.usage` names its fields): `reserved`, the expected cost of accepted runs, until their cost is
  known; `used`, the cost of runs, given back when a run fails or is cancelled; `done`, the cost of completed runs;
  and for all kinds together `engineMs` and `requests`. It is counted in the script that changes the run, so that no
  process can die between the two.
]]
local QUOTA_NAMES = { 'day', 'month' }

-- In the unit; nil: no limit. The record is read each time, so that a change applies at once.
local function quotas_of(key_record, unit)
  local json = redis.call('HGET', key_record, 'limits')
  local limits = json and cjson.decode(json) or {}
  local function limit(name)
    local value = limits[unit.quotas[name]]
    return type(value) == 'number' and math.floor(value * unit.quotas.scale) or nil
  end
  return { day = limit('day'), month = limit('month') }
end

local function usage_of(usage_key, unit)
  local values = redis.call('HMGET', usage_key, unit.usage.used, unit.usage.reserved)
  return tonumber(values[1] or 0), tonumber(values[2] or 0)
end

-- A period that has expired is not created again: nothing would remove it.
local function add_usage(usage_key, field, amount)
  if amount ~= 0 and redis.call('EXISTS', usage_key) == 1 then
    redis.call('HINCRBY', usage_key, field, string.format('%.0f', amount))
  end
end

-- Notes that so many percent of a quota are used, and emits an event; once in a period for each percentage, whatever is
-- given back later. Audio was the first unit: older builds read `told80`, `limitMs` and `usedMs`.
local function note_quota(outbox, usage_key, key_id, period, unit, percent, limit, used, now)
  local event = { percent = percent, limit = limit, used = used, atMs = tonumber(now), unit = unit.name }
  if unit.name == 'audio_ms' then event.limitMs, event.usedMs = limit, used end
  local field = unit.name == 'audio_ms' and 'told' .. percent or 'told:' .. unit.name .. ':' .. percent
  if redis.call('HSETNX', usage_key, field, cjson.encode(event)) == 0 then return end
  emit(outbox, { 'webhooks' }, now, table.concat({ 'quota', key_id, period, unit.name, percent }, ':'))
end
