--[[
  Attaches a new request to the run of the same work, or makes that run. A run can be joined while it is processing
  and for as long as its result is kept; joining a completed run starts its retention anew, because every request is
  promised its result for that long. Attaching the same request again changes nothing. A run
  that ended long ago (joinableMs) is joined no more: it would be kept for ever, with all its requests.
    KEYS[1] new request    KEYS[2] new run    KEYS[3] runs in processing    KEYS[4] the request's tombstone
    KEYS[5] work key; absent: the work is not shared
    ARGV[1] JSON: { requestId, runId, now, retentionMs, joinableMs, modelDigest ('' while no worker has reported it), request and
      run (their fields, flat), runStem, parts (suffixes of a run's keys), movesUp (joining brings a run into the
      interactive lane), indexes { keys, member, idleMs }, tombstoneMs, keyId ('' for none), cost (expected), unit
      (see include/quota.lua), backlogs { all, key: of its unit, ofKey: of all units }, limits { runs, cost, bytes,
      replaces: the held upload that the run is made of } (absent: none), held (see include/held.lua), bytes (of the
      recording), isPaid (its audio was charged before: no limit
      and no quota counts), usage { stem, key ('-' for none), record, keys (stem of the sets of keys used on a day), day, month,
      keepDayAtMs, keepMonthAtMs }, outbox { stem, channel }, turn (see include/turns.lua) }
  Output: { 'joined', or 'attached' when it was attached before, { the run's hash, flat }, 'moved_up' or '' }
          | { 'new', turn, weight (as text), unfinished runs of the API key }
          | { 'key_full', its unfinished runs, their cost still to be done }
          | { 'key_disk', bytes that the API key holds, limit }
          | { 'quota', 'day' or 'month', limit, used, reserved } when nothing is left of a quota
]]
--- @include backlog
--- @include held
--- @include outbox
--- @include quota
--- @include turns

local arg = cjson.decode(ARGV[1])
local request_key, run_key, work_key = KEYS[1], KEYS[2], KEYS[5]

local function sharable_run()
  if not work_key then return nil end
  local id = redis.call('GET', work_key)
  if not id then return nil end
  local run = redis.call('HMGET', arg.runStem .. id, 'status', 'modelDigest', 'endedAtMs')
  if run[1] ~= 'processing' and run[1] ~= 'completed' then return nil end
  if run[1] == 'completed' and arg.now - tonumber(run[3] or arg.now) > arg.joinableMs then return nil end
  -- Another model file of the same name gives another text. An unknown digest rules nothing out.
  local digest = run[2] or ''
  if digest ~= '' and arg.modelDigest ~= '' and digest ~= arg.modelDigest then return nil end
  if digest == '' and arg.modelDigest ~= '' then
    redis.call('HSET', arg.runStem .. id, 'modelDigest', arg.modelDigest)
  end
  return id, run[1]
end

local function unfinished_of_key()
  local runs = 0
  for _, key in ipairs(arg.backlogs.ofKey) do runs = runs + redis.call('ZCARD', key) end
  return runs
end

local attached = redis.call('HGET', request_key, 'runId')
if attached then return { 'attached', redis.call('HGETALL', arg.runStem .. attached), '' } end

local run_id, status = sharable_run()
local joined = run_id ~= nil

local limits = arg.limits
if not joined and not arg.isPaid and (limits.runs or limits.cost) then
  local runs = unfinished_of_key()
  local _, cost = sum_of(arg.backlogs.key)
  -- One piece of work is always accepted: its size is limited elsewhere.
  local too_much = limits.cost and runs > 0 and cost + arg.cost > limits.cost
  if (limits.runs and runs >= limits.runs) or too_much then return { 'key_full', runs, math.floor(cost) } end
end

local usage, unit = arg.usage, arg.unit
local max_bytes = not joined and held_limit(usage.record, 'heldBytes', limits.bytes)
if max_bytes and not arg.isPaid then
  local bytes = held_beyond(arg.held, max_bytes, arg.bytes, limits.replaces)
  -- One recording is always accepted: its size is limited elsewhere.
  if bytes and bytes > 0 then return { 'key_disk', bytes, max_bytes } end
end

local usage_keys = {}
for _, name in ipairs(QUOTA_NAMES) do usage_keys[name] = usage.stem .. usage.key .. ':' .. usage[name] end

-- Reserves no more than is left: too large a guess refuses nothing, and settling the run shows whether it fits.
local reserved = math.max(1, arg.cost)
if not joined and not arg.isPaid then
  local quotas = quotas_of(usage.record, unit)
  for _, name in ipairs(QUOTA_NAMES) do
    local limit = quotas[name]
    local used, reserved_before = usage_of(usage_keys[name], unit)
    if limit and used + reserved_before >= limit then
      if used >= limit then
        note_quota(arg.outbox, usage_keys[name], usage.key, usage[name], unit, 100, limit, used, arg.now)
      end
      return { 'quota', name, limit, used, reserved_before }
    end
    if limit then reserved = math.min(reserved, limit - used - reserved_before) end
  end
end
if not joined then
  run_id = arg.runId
  redis.call('HSET', run_key, unpack(arg.run))
  -- Nothing is counted for a run that has no period.
  if not arg.isPaid then
    redis.call('HSET', run_key, 'usageDay', usage.day, 'usageMonth', usage.month, 'heldMs', reserved)
  end
  add_cost(arg.backlogs.all, run_id, arg.cost)
  add_cost(arg.backlogs.key, run_id, arg.cost)
  redis.call('ZADD', KEYS[3], arg.now, run_id)
  if work_key then redis.call('SET', work_key, run_id) end
  if max_bytes then hold(arg.held, 'run:' .. run_id, arg.bytes) end
end

if not arg.isPaid then
  for _, name in ipairs(QUOTA_NAMES) do
    redis.call('HINCRBY', usage_keys[name], 'requests', 1)
    if not joined then redis.call('HINCRBY', usage_keys[name], unit.usage.reserved, string.format('%.0f', reserved)) end
  end
  redis.call('PEXPIREAT', usage_keys.day, usage.keepDayAtMs)
  redis.call('PEXPIREAT', usage_keys.month, usage.keepMonthAtMs)
  redis.call('SADD', usage.keys .. usage.day, usage.key)
  redis.call('PEXPIREAT', usage.keys .. usage.day, usage.keepDayAtMs)
end

run_key = arg.runStem .. run_id
redis.call('HSET', request_key, 'runId', run_id, 'joined', joined and 1 or 0, unpack(arg.request))
redis.call('SADD', run_key .. ':requests', arg.requestId)

local moved_up = ''
if status == 'completed' then
  for _, suffix in ipairs(arg.parts) do redis.call('PEXPIRE', run_key .. suffix, arg.retentionMs) end
  redis.call('PEXPIRE', work_key, arg.retentionMs)
  redis.call('PEXPIRE', request_key, arg.retentionMs)
  redis.call('SET', KEYS[4], arg.keyId, 'PX', arg.tombstoneMs)
  emit(arg.outbox, consumers_of(request_key), arg.now, 'job_ended:' .. arg.requestId .. ':1')
elseif joined and arg.movesUp and redis.call('HGET', run_key, 'lane') ~= 'interactive' then
  redis.call('HSET', run_key, 'lane', 'interactive')
  moved_up = 'moved_up'
end

for _, index in ipairs(arg.indexes.keys) do
  redis.call('ZADD', index, 0, arg.indexes.member)
  redis.call('PEXPIRE', index, arg.indexes.idleMs)
end
if joined then return { 'joined', redis.call('HGETALL', run_key), moved_up } end

local turn, weight = take_turn(arg.turn, usage.record, usage.key)
return { 'new', turn, weight, unfinished_of_key() }
