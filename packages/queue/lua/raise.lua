--[[
  Brings the run of a request into the interactive lane. A run that has ended, or that the request has left, stays as it is.
    KEYS[1] request
    ARGV[1] JSON: { runStem }
  Output: { 'raised', the run's hash, flat } | { 'left' } | { 'unknown' }
]]
local arg = cjson.decode(ARGV[1])
local request = redis.call('HMGET', KEYS[1], 'runId', 'cancelledAtMs')
if not request[1] then return { 'unknown' } end
local run_key = arg.runStem .. request[1]
if request[2] or redis.call('HGET', run_key, 'status') ~= 'processing' then return { 'left' } end
redis.call('HSET', run_key, 'lane', 'interactive')
return { 'raised', redis.call('HGETALL', run_key) }
