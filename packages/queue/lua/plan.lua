--[[
  Stores the plan of a run; the first one stays. Now that the length is known, so is the lane, and what
  the recording takes of its key's quotas.
    KEYS[1] run    KEYS[2] plan    KEYS[3] events    KEYS[4] backlog    KEYS[5] webhook outbox, and its channel
    ARGV[1] plan, JSON    ARGV[2] duration, ms    ARGV[3] number of windows    ARGV[4] progress now
    ARGV[5] warnings, JSON lines    ARGV[6] cap of the stream    ARGV[7] doorbell
    ARGV[8] run id    ARGV[9] stem of backlogs of API keys    ARGV[10] sound in windows, ms
    ARGV[11] longest recording that counts as interactive however it was sent, ms
    ARGV[12] stem of usage    ARGV[13] stem of the records of API keys    ARGV[14] now, ms
  Output: the plan that holds, JSON; nil when the run is not in processing
          | { 'day' or 'month', quota, used, both ms } when the recording is longer than what is left of a quota
]]
--- @include quota

local run = redis.call('HMGET', KEYS[1], 'status', 'warnings', 'progress', 'keyId', 'stepsBack',
  'usageDay', 'usageMonth', 'heldMs')
if run[1] ~= 'processing' then return nil end
local planned = redis.call('GET', KEYS[2])
if planned then return planned end
local key = (run[4] or '') == '' and '-' or run[4]
local duration = tonumber(ARGV[2])
local periods = { day = run[6], month = run[7] }
local usage_key = {}
for name, period in pairs(periods) do usage_key[name] = period and ARGV[12] .. key .. ':' .. period or nil end

local quotas = quotas_of(ARGV[13] .. key)
for _, name in ipairs(QUOTA_NAMES) do
  local limit = usage_key[name] and quotas[name]
  local used = limit and usage_of(usage_key[name]) or 0
  if limit and used + duration > limit then
    tell_quota(KEYS[5], usage_key[name], key, periods[name], 100, limit, used, ARGV[14])
    return { name, limit, used }
  end
end
for _, name in ipairs(QUOTA_NAMES) do
  if usage_key[name] then
    add_usage(usage_key[name], 'held', -tonumber(run[8] or 0))
    add_usage(usage_key[name], 'used', duration)
    local limit, used = quotas[name], usage_of(usage_key[name])
    for _, percent in ipairs({ 80, 100 }) do
      if limit and used * 100 >= limit * percent then
        tell_quota(KEYS[5], usage_key[name], key, periods[name], percent, limit, used, ARGV[14])
      end
    end
  end
end
redis.call('HSET', KEYS[1], 'heldMs', 0, 'usedMs', duration)
redis.call('SET', KEYS[2], ARGV[1])
local warnings = run[2] or ''
if ARGV[5] ~= '' then warnings = warnings == '' and ARGV[5] or (warnings .. '\n' .. ARGV[5]) end
local progress = math.max(tonumber(run[3]), tonumber(ARGV[4]))
redis.call('HSET', KEYS[1], 'durationMs', ARGV[2], 'windowsTotal', ARGV[3], 'warnings', warnings,
  'stage', 'transcribing', 'progress', progress)
if tonumber(ARGV[2]) <= tonumber(ARGV[11]) and run[5] ~= '1' then redis.call('HSET', KEYS[1], 'lane', 'interactive') end
redis.call('ZADD', KEYS[4], 'XX', ARGV[10], ARGV[8])
redis.call('ZADD', ARGV[9] .. key, 'XX', ARGV[10], ARGV[8])
local event = string.format('{"type":"progress","stage":"transcribing","progress":%d}', math.floor(progress))
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'e', event)
redis.call('PUBLISH', ARGV[7], '')
return ARGV[1]
