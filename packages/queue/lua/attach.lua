--[[
  Attaches a new request to the run of the same work, or makes that run. A run is joined while it is made and for as
  long as its result is kept; joining a finished run starts its keeping time anew, because every request is promised
  its result for that long. Attaching the same request again changes nothing.
    KEYS[1] work key (the new run's key when work is not shared)
    KEYS[2] new request
    KEYS[3] new run
    KEYS[4] runs in processing
    KEYS[5] request index of all
    KEYS[6] request index of the API key
    KEYS[7] the request's tombstone
    KEYS[8] backlog    KEYS[9] backlog of the API key    KEYS[10] webhook outbox, and its channel
    KEYS[11] waiting jobs of the queue of new runs    KEYS[12] next turn of each API key in the new run's first lane
    ARGV[1] '1': work may be shared
    ARGV[2] stem of run keys    ARGV[3] suffixes of a run's keys, joined by ','   ARGV[4] suffix of a run's requests
    ARGV[5] new run id          ARGV[6] request id       ARGV[7] now, ms          ARGV[8] lane
    ARGV[9] keeping time, ms    ARGV[10] life of an idle index, ms                ARGV[11] index member
    ARGV[12] life of a tombstone, ms       ARGV[13] key id or ''
    ARGV[14] sound of the recording, ms, guessed
    ARGV[15] unfinished runs the API key may have, or ''      ARGV[16] sound it may have waiting, ms, or ''
    ARGV[17] digest of the model file, or '' while no worker has told it
    ARGV[18] usage, JSON: { stem of usage, key (key id or '-'), record (the key's record), keys (stem of the sets of keys
      used on a day), day, month, keepDayAtMs, keepMonthAtMs (when each is forgotten) }
    ARGV[19] priorities before that lane    ARGV[20] priorities in it    ARGV[21] life of idle turns, ms
    ARGV[22] number of run field names and values, which follow, and then those of the request
  Output: { 1 if joined else 0, { the run's hash, flat }, 1 if the run has come into the interactive lane by it else 0 }
          | { 2, turn, weight (as text), unfinished runs of the API key } when the run is new
          | { -1, its unfinished runs, their sound to go, ms } when a new run would be more than the key may have
          | { -2, 'day' or 'month', quota, used, held, all ms } when nothing is left of a quota
]]
--- @include quota
--- @include turns

local function fields(first, count)
  local list = {}
  for i = first, first + count - 1 do list[#list + 1] = ARGV[i] end
  return list
end

local function attached_run()
  if ARGV[1] ~= '1' then return nil end
  local id = redis.call('GET', KEYS[1])
  if not id then return nil end
  local run = redis.call('HMGET', ARGV[2] .. id, 'status', 'modelDigest')
  if run[1] ~= 'processing' and run[1] ~= 'completed' then return nil end
  -- Another file of the same name gives another text. A digest that nobody knew yet speaks against nothing.
  local digest = run[2] or ''
  if digest ~= '' and ARGV[17] ~= '' and digest ~= ARGV[17] then return nil end
  if digest == '' and ARGV[17] ~= '' then redis.call('HSET', ARGV[2] .. id, 'modelDigest', ARGV[17]) end
  return id, run[1]
end

local attached = redis.call('HMGET', KEYS[2], 'runId', 'joined')
if attached[1] then return { tonumber(attached[2]), redis.call('HGETALL', ARGV[2] .. attached[1]), 0 } end

local FIRST_FIELD = 23
local run_field_count = tonumber(ARGV[22])
local run_id, status = attached_run()
local joined = run_id ~= nil

local function backlog_of_key()
  local entries = redis.call('ZRANGE', KEYS[9], 0, -1, 'WITHSCORES')
  local sum = 0
  for i = 2, #entries, 2 do sum = sum + tonumber(entries[i]) end
  return #entries / 2, sum
end

if not joined and (ARGV[15] ~= '' or ARGV[16] ~= '') then
  local runs, sound = backlog_of_key()
  local has_too_many = ARGV[15] ~= '' and runs >= tonumber(ARGV[15])
  -- One recording is always taken: how long it may be is another limit.
  local has_too_much = ARGV[16] ~= '' and runs > 0 and sound + tonumber(ARGV[14]) > tonumber(ARGV[16])
  if has_too_many or has_too_much then return { -1, runs, math.floor(sound) } end
end

local usage = cjson.decode(ARGV[18])
local usage_keys = {}
for _, name in ipairs(QUOTA_NAMES) do usage_keys[name] = usage.stem .. usage.key .. ':' .. usage[name] end

-- Holds no more than is left: a guess that is too large refuses nothing, and what does not fit shows when it is decoded.
local held = math.max(1, tonumber(ARGV[14]))
if not joined then
  local quotas = quotas_of(usage.record)
  for _, name in ipairs(QUOTA_NAMES) do
    local limit = quotas[name]
    local used, holds = usage_of(usage_keys[name])
    if limit and used + holds >= limit then
      if used >= limit then
        tell_quota(KEYS[10], usage_keys[name], usage.key, usage[name], 100, limit, used, ARGV[7])
      end
      return { -2, name, limit, used, holds }
    end
    if limit then held = math.min(held, limit - used - holds) end
  end
end

if not joined then
  run_id = ARGV[5]
  redis.call('HSET', KEYS[3], unpack(fields(FIRST_FIELD, run_field_count)))
  redis.call('HSET', KEYS[3], 'usageDay', usage.day, 'usageMonth', usage.month, 'heldMs', held)
  redis.call('ZADD', KEYS[8], ARGV[14], run_id)
  redis.call('ZADD', KEYS[9], ARGV[14], run_id)
  redis.call('ZADD', KEYS[4], ARGV[7], run_id)
  if ARGV[1] == '1' then redis.call('SET', KEYS[1], run_id) end
end

for _, name in ipairs(QUOTA_NAMES) do
  redis.call('HINCRBY', usage_keys[name], 'requests', 1)
  if not joined then redis.call('HINCRBY', usage_keys[name], 'held', held) end
end
redis.call('PEXPIREAT', usage_keys.day, usage.keepDayAtMs)
redis.call('PEXPIREAT', usage_keys.month, usage.keepMonthAtMs)
redis.call('SADD', usage.keys .. usage.day, usage.key)
redis.call('PEXPIREAT', usage.keys .. usage.day, usage.keepDayAtMs)

local run_key = ARGV[2] .. run_id
local requests_key = run_key .. ARGV[4]
local request_first = FIRST_FIELD + run_field_count
redis.call('HSET', KEYS[2], 'runId', run_id, 'joined', joined and 1 or 0, unpack(fields(request_first, #ARGV + 1 - request_first)))
redis.call('SADD', requests_key, ARGV[6])

local moved_up = 0
if status == 'completed' then
  for suffix in (ARGV[3] .. ','):gmatch('([^,]*),') do redis.call('PEXPIRE', run_key .. suffix, ARGV[9]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[9])
  redis.call('PEXPIRE', KEYS[2], ARGV[9])
  redis.call('SET', KEYS[7], ARGV[13], 'PX', ARGV[12])
  if redis.call('HGET', KEYS[2], 'webhook') then
    redis.call('ZADD', KEYS[10], ARGV[7], ARGV[6] .. '.1')
    redis.call('PUBLISH', KEYS[10], '')
  end
elseif joined and ARGV[8] == 'interactive' and redis.call('HGET', run_key, 'lane') ~= 'interactive' then
  redis.call('HSET', run_key, 'lane', 'interactive')
  moved_up = 1
end

for i = 5, 6 do
  redis.call('ZADD', KEYS[i], 0, ARGV[11])
  redis.call('PEXPIRE', KEYS[i], ARGV[10])
end
if joined then return { 1, redis.call('HGETALL', run_key), moved_up } end

local turn, weight =
  take_turn(KEYS[11], KEYS[12], usage.record, tonumber(ARGV[19]), tonumber(ARGV[20]), usage.key, ARGV[21])
return { 2, turn, weight, redis.call('ZCARD', KEYS[9]) }
