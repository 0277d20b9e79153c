--[[
  Deletes a request, and with the last request of a finished run also the run and its transcript. No tombstone stays.
    KEYS[1] request    KEYS[2] tombstone    KEYS[3] request index of all    KEYS[4] request index of the API key
    KEYS[5] its webhook attempts
    ARGV[1] stem of run keys    ARGV[2] suffixes of a run's keys, joined by ','    ARGV[3] suffix of a run's requests
    ARGV[4] request id    ARGV[5] index member
  Output: 0 no such request; 1 forgotten; 2 forgotten with its run; -1 refused, the run still works for it
]]
local run_id = redis.call('HGET', KEYS[1], 'runId')
if not run_id then return 0 end
local run_key = ARGV[1] .. run_id
local requests_key = run_key .. ARGV[3]
local run = redis.call('HMGET', run_key, 'status', 'workKey')
if run[1] == 'processing' and redis.call('SISMEMBER', requests_key, ARGV[4]) == 1 then return -1 end

redis.call('DEL', KEYS[1], KEYS[2], KEYS[5])
redis.call('ZREM', KEYS[3], ARGV[5])
redis.call('ZREM', KEYS[4], ARGV[5])
redis.call('SREM', requests_key, ARGV[4])
if run[1] == 'processing' or redis.call('SCARD', requests_key) > 0 then return 1 end

if run[2] and run[2] ~= '' and redis.call('GET', run[2]) == run_id then redis.call('DEL', run[2]) end
for suffix in (ARGV[2] .. ','):gmatch('([^,]*),') do redis.call('DEL', run_key .. suffix) end
return 2
