--[[
  Lets the result of an ended item stay for the whole keeping time once more: a batch's results are kept together.
    KEYS[1] request
    ARGV[1] stem of run keys    ARGV[2] suffixes of a run's keys, joined by ','    ARGV[3] keeping time, ms
  Output: 1; 0 when it is gone, or has not ended
]]
local run_id = redis.call('HGET', KEYS[1], 'runId')
if not run_id then return 0 end
local run_key = ARGV[1] .. run_id
local status = redis.call('HGET', run_key, 'status')
if not status or status == 'processing' then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
for suffix in (ARGV[2] .. ','):gmatch('([^,]*),') do redis.call('PEXPIRE', run_key .. suffix, ARGV[3]) end
return 1
