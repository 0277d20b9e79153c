--[[
  Ends a run: completed, failed or cancelled. Only a run in processing can end, so the first end stays. From here on
  everything of the run, and its requests, expires; while it was processing nothing did.
    KEYS[1] run    KEYS[2] its requests    KEYS[3] runs in processing    KEYS[4] its result, where that is inline
    ARGV[1] JSON: { runId, status, now, error (JSON, when it failed), event (JSON), reference (JSON: where its result
      is), retentionMs, tombstoneMs, parts (suffixes of its keys), workingParts (those that are needed only while it
      is processing), requestStem, tombstoneStem, stopped (channel), backlogs { all, keyStem, suffix }, usageStem,
      waitingStem, unit (see include/quota.lua), voiceUse (see include/voice-use.lua; absent: nothing was spoken),
      outbox, feed }
    ARGV[2] the result, where it is inline
  Output: 'ended', or 'was_ended' when it had ended before
]]
--- @include backlog
--- @include events
--- @include outbox
--- @include quota
--- @include voice-use

local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', 'workKey', 'keyId',
  'usageDay', 'usageMonth', 'heldMs', 'usedMs', 'engineMs', 'waiting')
if run[1] ~= 'processing' then return 'was_ended' end
local is_completed = arg.status == 'completed'
local key = (run[3] or '') == '' and '-' or run[3]

redis.call('HSET', KEYS[1], 'status', arg.status, 'endedAtMs', arg.now)
if arg.error then redis.call('HSET', KEYS[1], 'error', arg.error) end
if is_completed then redis.call('HSET', KEYS[1], 'progress', 100) end
if arg.reference then redis.call('HSET', KEYS[1], 'result', arg.reference) end
if KEYS[4] then redis.call('SET', KEYS[4], ARGV[2]) end
redis.call('ZREM', KEYS[3], arg.runId)
remove_cost(arg.backlogs.all, arg.runId)
remove_cost(arg.backlogs.keyStem .. key .. arg.backlogs.suffix, arg.runId)
if run[9] and run[9] ~= '' then redis.call('SREM', arg.waitingStem .. cjson.decode(run[9]).cause, arg.runId) end
append_event(arg.feed, arg.event)

-- What was reserved, or used without a result, is given back; the time of the engine is spent either way.
for _, period in ipairs({ run[4] or '', run[5] or '' }) do
  if period ~= '' then
    local usage_key, cost = arg.usageStem .. key .. ':' .. period, tonumber(run[7] or 0)
    add_usage(usage_key, arg.unit.usage.reserved, -tonumber(run[6] or 0))
    if is_completed then
      add_usage(usage_key, arg.unit.usage.done, cost)
    else
      add_usage(usage_key, arg.unit.usage.used, -cost)
    end
    add_usage(usage_key, 'engineMs', tonumber(run[8] or 0))
  end
end

if is_completed and arg.voiceUse and run[4] and run[4] ~= '' then
  count_voices(arg.voiceUse, arg.usageStem, key, run[4])
end

for _, suffix in ipairs(arg.workingParts) do redis.call('DEL', KEYS[1] .. suffix) end
for _, suffix in ipairs(arg.parts) do redis.call('PEXPIRE', KEYS[1] .. suffix, arg.retentionMs) end
for _, request in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  redis.call('PEXPIRE', arg.requestStem .. request, arg.retentionMs)
  redis.call('SET', arg.tombstoneStem .. request, run[3] or '', 'PX', arg.tombstoneMs)
  emit(arg.outbox, consumers_of(arg.requestStem .. request), arg.now, 'job_ended:' .. request .. ':1')
end

local work_key = run[2]
if work_key and work_key ~= '' and redis.call('GET', work_key) == arg.runId then
  if is_completed then redis.call('PEXPIRE', work_key, arg.retentionMs) else redis.call('DEL', work_key) end
end

notify(arg.feed, 'end')
if not is_completed then redis.call('PUBLISH', arg.stopped, arg.runId) end
return 'ended'
