--[[
  Starts the retention of an ended item's result anew: the results of a batch are kept together.
    KEYS[1] request
    ARGV[1] JSON: { runStem, parts (suffixes of a run's keys), retentionMs }
  Output: 'touched', or 'gone' when the result is gone, or the item has not ended
]]
local arg = cjson.decode(ARGV[1])
local run_id = redis.call('HGET', KEYS[1], 'runId')
if not run_id then return 'gone' end
local run_key = arg.runStem .. run_id
local status = redis.call('HGET', run_key, 'status')
if not status or status == 'processing' then return 'gone' end
redis.call('PEXPIRE', KEYS[1], arg.retentionMs)
for _, suffix in ipairs(arg.parts) do redis.call('PEXPIRE', run_key .. suffix, arg.retentionMs) end
return 'touched'
