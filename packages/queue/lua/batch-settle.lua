--[[
  An item of a batch has ended; the batch ends with its last item.
    KEYS[1] batch    KEYS[2] items    KEYS[3] ended items    KEYS[4] open batches
    ARGV[1] JSON: { batchId, now, retentionMs, requestId, status (of the item), outbox }
  Output: 'ended': the batch has; 'open': it has not; 'unknown': there is no such batch
]]
--- @include outbox
--- @include batch

local arg = cjson.decode(ARGV[1])
local keys = { batch = KEYS[1], items = KEYS[2], ended = KEYS[3], open = KEYS[4] }
local state = redis.call('HGET', keys.batch, 'state')
if not state or state == 'dropped' then return 'unknown' end
if state == 'completed' then return 'ended' end
redis.call('HSETNX', keys.ended, arg.requestId, arg.status)
if state ~= 'processing' or not has_all_ended(keys) then return 'open' end
end_batch(keys, arg)
return 'ended'
