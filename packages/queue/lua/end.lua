--[[
  Ends a run: completed, failed or cancelled. Only from processing, so the first end stays. From here on everything
  of the run, and its requests, has a time to live; while it was processing nothing had.
    KEYS[1] run    KEYS[2] requests of the run    KEYS[3] runs in processing    KEYS[4] events    KEYS[5] transcript
    KEYS[6] backlog    KEYS[7] webhook outbox, and its channel
    ARGV[1] run id    ARGV[2] status    ARGV[3] now, ms    ARGV[4] error, JSON or ''    ARGV[5] transcript, JSON or ''
    ARGV[6] end event, JSON    ARGV[7] keeping time, ms    ARGV[8] life of a tombstone, ms
    ARGV[9] suffixes of a run's keys, joined by ','    ARGV[10] suffixes needed only while it is made, joined by ','
    ARGV[11] stem of request keys    ARGV[12] stem of tombstones
    ARGV[13] cap of the stream    ARGV[14] doorbell    ARGV[15] channel of stopped runs
    ARGV[16] stem of backlogs of API keys    ARGV[17] stem of usage
  Output: 1 if this call ended it, else 0
]]
--- @include quota

local run = redis.call('HMGET', KEYS[1], 'status', 'workKey', 'keyId',
  'usageDay', 'usageMonth', 'heldMs', 'usedMs', 'engineMs')
if run[1] ~= 'processing' then return 0 end
local status, ttl = ARGV[2], ARGV[7]

redis.call('HSET', KEYS[1], 'status', status, 'endedAtMs', ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'error', ARGV[4]) end
if status == 'completed' then
  redis.call('HSET', KEYS[1], 'progress', 100)
  redis.call('SET', KEYS[5], ARGV[5])
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('ZREM', ARGV[16] .. ((run[3] or '') == '' and '-' or run[3]), ARGV[1])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[13], '*', 'e', ARGV[6])

-- What was held or used for nothing is given back; the engine's time is spent either way.
for _, period in ipairs({ run[4] or '', run[5] or '' }) do
  if period ~= '' then
    local usage_key = ARGV[17] .. ((run[3] or '') == '' and '-' or run[3]) .. ':' .. period
    add_usage(usage_key, 'held', -tonumber(run[6] or 0))
    add_usage(usage_key, status == 'completed' and 'audioMs' or 'used',
      tonumber(run[7] or 0) * (status == 'completed' and 1 or -1))
    add_usage(usage_key, 'engineMs', tonumber(run[8] or 0))
  end
end

for suffix in (ARGV[10] .. ','):gmatch('([^,]*),') do redis.call('DEL', KEYS[1] .. suffix) end
for suffix in (ARGV[9] .. ','):gmatch('([^,]*),') do redis.call('PEXPIRE', KEYS[1] .. suffix, ttl) end
for _, request in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  redis.call('PEXPIRE', ARGV[11] .. request, ttl)
  redis.call('SET', ARGV[12] .. request, run[3] or '', 'PX', ARGV[8])
  if redis.call('HGET', ARGV[11] .. request, 'webhook') then
    redis.call('ZADD', KEYS[7], ARGV[3], request .. '.1')
    redis.call('PUBLISH', KEYS[7], '')
  end
end

local work_key = run[2]
if work_key and work_key ~= '' and redis.call('GET', work_key) == ARGV[1] then
  if status == 'completed' then redis.call('PEXPIRE', work_key, ttl) else redis.call('DEL', work_key) end
end

redis.call('PUBLISH', ARGV[14], 'end')
if status ~= 'completed' then redis.call('PUBLISH', ARGV[15], ARGV[1]) end
return 1
