--[[
  A client gives up its request. While its run is processing, the request leaves the run and counts as cancelled. The
  last one to leave also removes the work key, so that nobody joins a run that is about to be cancelled. An ended run
  is not touched. The library is told: nobody else waits for the end of a request that its client gave up.
    KEYS[1] request    KEYS[2] tombstone
    ARGV[1] JSON: { requestId, now, runStem, retentionMs, tombstoneMs, outbox }
  Output: { 'last' if no request is left on the run, else 'others', { the run's hash, flat } } | { 'unknown' }
]]
--- @include outbox

local arg = cjson.decode(ARGV[1])
local request = redis.call('HMGET', KEYS[1], 'runId', 'keyId', 'cancelledAtMs')
if not request[1] then return { 'unknown' } end
local run_key = arg.runStem .. request[1]
local requests_key = run_key .. ':requests'
local run = redis.call('HMGET', run_key, 'status', 'workKey')
local is_processing = run[1] == 'processing'

if is_processing and not request[3] then
  redis.call('HSET', KEYS[1], 'cancelledAtMs', arg.now)
  redis.call('PEXPIRE', KEYS[1], arg.retentionMs)
  redis.call('SET', KEYS[2], request[2] or '', 'PX', arg.tombstoneMs)
  redis.call('SREM', requests_key, arg.requestId)
  for _, name in ipairs(consumers_of(KEYS[1])) do
    if name == 'library' then emit(arg.outbox, { name }, arg.now, 'job_ended:' .. arg.requestId .. ':1') end
  end
end

local left = redis.call('SCARD', requests_key)
if not is_processing then left = left - redis.call('SISMEMBER', requests_key, arg.requestId) end
if is_processing and left == 0 and run[2] and run[2] ~= '' and redis.call('GET', run[2]) == request[1] then
  redis.call('DEL', run[2])
end
return { left == 0 and 'last' or 'others', redis.call('HGETALL', run_key) }
