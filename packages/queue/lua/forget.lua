--[[
  Deletes a request, and with the last request of an ended run also the run and its result. No tombstone stays.
    KEYS[1] request    KEYS[2] tombstone    KEYS[3] its webhook attempts
    ARGV[1] JSON: { requestId, runStem, parts (suffixes of a run's keys), indexes { keys, member } }
  Output: { 'unknown' } | { 'processing' }: refused, the run is still processing for it | { 'forgotten' }
          | { 'run_forgotten', reference of the run's result as JSON, or '' }
]]
local arg = cjson.decode(ARGV[1])
local run_id = redis.call('HGET', KEYS[1], 'runId')
if not run_id then return { 'unknown' } end
local run_key = arg.runStem .. run_id
local requests_key = run_key .. ':requests'
local run = redis.call('HMGET', run_key, 'status', 'workKey', 'result')
local is_processing = run[1] == 'processing'
if is_processing and redis.call('SISMEMBER', requests_key, arg.requestId) == 1 then return { 'processing' } end

redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
for _, index in ipairs(arg.indexes.keys) do redis.call('ZREM', index, arg.indexes.member) end
redis.call('SREM', requests_key, arg.requestId)
if is_processing or redis.call('SCARD', requests_key) > 0 then return { 'forgotten' } end

if run[2] and run[2] ~= '' and redis.call('GET', run[2]) == run_id then redis.call('DEL', run[2]) end
for _, suffix in ipairs(arg.parts) do redis.call('DEL', run_key .. suffix) end
return { 'run_forgotten', run[3] or '' }
