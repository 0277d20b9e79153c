--[[
  A client gives its request up. While the run is made, the request leaves it and counts as cancelled; the last one to
  leave also takes the work key, so that nobody joins a run about to be cancelled. A finished run is not touched.
    KEYS[1] request    KEYS[2] tombstone
    ARGV[1] stem of run keys    ARGV[2] suffix of a run's requests    ARGV[3] request id    ARGV[4] now, ms
    ARGV[5] keeping time, ms    ARGV[6] life of a tombstone, ms
  Output: { 1 if no request is left on the run else 0, { the run's hash, flat } }; empty when there is no such request
]]
local request = redis.call('HMGET', KEYS[1], 'runId', 'keyId', 'cancelledAtMs')
if not request[1] then return {} end
local run_key = ARGV[1] .. request[1]
local requests_key = run_key .. ARGV[2]
local run = redis.call('HMGET', run_key, 'status', 'workKey')

if run[1] == 'processing' and not request[3] then
  redis.call('HSET', KEYS[1], 'cancelledAtMs', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('SET', KEYS[2], request[2] or '', 'PX', ARGV[6])
  redis.call('SREM', requests_key, ARGV[3])
end

local left = redis.call('SCARD', requests_key)
if run[1] ~= 'processing' then left = left - redis.call('SISMEMBER', requests_key, ARGV[3]) end
if run[1] == 'processing' and left == 0 and run[2] and run[2] ~= '' and redis.call('GET', run[2]) == request[1] then
  redis.call('DEL', run[2])
end
return { left == 0 and 1 or 0, redis.call('HGETALL', run_key) }
