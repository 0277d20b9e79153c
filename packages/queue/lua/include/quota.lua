--[[
  What an API key has used, and may use, in a period (a day or a month of UTC). A period's hash counts, in the unit of
  the kind of run (`unit.usage` names its fields): `held`, expected when a run is accepted, until its cost is known;
  `used`, what runs turned out to cost, taken back when a run fails or is cancelled; `done`, of completed runs; and, of
  all kinds, `engineMs` and `requests`.
  Callers must be in the same script as the change of the run, so that no process can die between the two.
]]
local QUOTA_NAMES = { 'day', 'month' }

-- In the unit; nil: no limit. A record is read at each use, so that a change holds at once.
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
  local values = redis.call('HMGET', usage_key, unit.usage.used, unit.usage.held)
  return tonumber(values[1] or 0), tonumber(values[2] or 0)
end

-- A period that is not kept any more is not begun again: nothing would take it away.
local function add_usage(usage_key, field, amount)
  if amount ~= 0 and redis.call('EXISTS', usage_key) == 1 then
    redis.call('HINCRBY', usage_key, field, string.format('%.0f', amount))
  end
end

-- Once in a period for each percentage, whatever is taken back later. Audio was the first unit: `told80`, `limitMs` and
-- `usedMs` are what builds before units read.
local function tell_quota(outbox, usage_key, key_id, period, unit, percent, limit, used, now)
  local event = { percent = percent, limit = limit, used = used, atMs = tonumber(now), unit = unit.name }
  if unit.name == 'audio_ms' then event.limitMs, event.usedMs = limit, used end
  local field = unit.name == 'audio_ms' and 'told' .. percent or 'told:' .. unit.name .. ':' .. percent
  if redis.call('HSETNX', usage_key, field, cjson.encode(event)) == 0 then return end
  emit(outbox, { 'webhooks' }, now, table.concat({ 'quota', key_id, period, unit.name, percent }, ':'))
end
