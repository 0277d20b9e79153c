--[[
  The cost of a run is known, and with it its lane and what it takes from its key's quotas. The checkpoint is stored
  in the same step and marks the run as settled: the first one stays, and later calls change nothing.
    KEYS[1] run    KEYS[2] checkpoint
    ARGV[1] JSON: { runId, cost, toGo (how much of it is still to be done), unit (see include/quota.lua), stage,
      percent, warnings (JSON each), fields (of the run, flat), lane ('interactive': the run belongs there, unless its
      sender stepped back; absent: it stays where it is), backlogs { all, keyStem, suffix }, usageStem, keyRecordStem,
      now, outbox, feed }
    ARGV[2] checkpoint
  Output: { 'stored' or 'found', the checkpoint that counts } | { 'ended' }
          | { 'quota', 'day' or 'month', limit, used } when it costs more than is left of a quota
]]
--- @include backlog
--- @include events
--- @include outbox
--- @include quota

local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'warnings', 'progress', 'keyId', 'stepsBack',
  'usageDay', 'usageMonth', 'heldMs')
if run[1] ~= 'processing' then return { 'ended' } end
local found = redis.call('GET', KEYS[2])
if found then return { 'found', found } end
local key = (run[4] or '') == '' and '-' or run[4]
local unit, cost = arg.unit, arg.cost
local periods = { day = run[6], month = run[7] }
local usage_key = {}
for name, period in pairs(periods) do usage_key[name] = period and arg.usageStem .. key .. ':' .. period or nil end

local quotas = quotas_of(arg.keyRecordStem .. key, unit)
for _, name in ipairs(QUOTA_NAMES) do
  local limit = usage_key[name] and quotas[name]
  local used = limit and usage_of(usage_key[name], unit) or 0
  if limit and used + cost > limit then
    note_quota(arg.outbox, usage_key[name], key, periods[name], unit, 100, limit, used, arg.now)
    return { 'quota', name, limit, used }
  end
end
for _, name in ipairs(QUOTA_NAMES) do
  if usage_key[name] then
    add_usage(usage_key[name], unit.usage.reserved, -tonumber(run[8] or 0))
    add_usage(usage_key[name], unit.usage.used, cost)
    local limit, used = quotas[name], usage_of(usage_key[name], unit)
    for _, percent in ipairs({ 80, 100 }) do
      if limit and used * 100 >= limit * percent then
        note_quota(arg.outbox, usage_key[name], key, periods[name], unit, percent, limit, used, arg.now)
      end
    end
  end
end

redis.call('SET', KEYS[2], ARGV[2])
local warnings = { run[2] or '' }
if warnings[1] == '' then warnings = {} end
for _, warning in ipairs(arg.warnings) do warnings[#warnings + 1] = warning end
local percent = math.max(tonumber(run[3]), arg.percent)
redis.call('HSET', KEYS[1], 'heldMs', 0, 'usedMs', cost, unit.runField, cost,
  'warnings', table.concat(warnings, '\n'), 'stage', arg.stage, 'progress', percent)
if #arg.fields > 0 then redis.call('HSET', KEYS[1], unpack(arg.fields)) end
if arg.lane and run[5] ~= '1' then redis.call('HSET', KEYS[1], 'lane', arg.lane) end
set_cost(arg.backlogs.all, arg.runId, arg.toGo)
set_cost(arg.backlogs.keyStem .. key .. arg.backlogs.suffix, arg.runId, arg.toGo)
append_progress(arg.feed, arg.stage, percent)
notify(arg.feed, '')
return { 'stored', ARGV[2] }
