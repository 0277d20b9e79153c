--[[
  An item of a batch has ended; with the last one the batch ends.
    KEYS[1] batch    KEYS[2] items    KEYS[3] ended items    KEYS[4] open batches    KEYS[5] webhook outbox, and its channel
    ARGV[1] batch id    ARGV[2] now, ms    ARGV[3] keeping time, ms    ARGV[4] request id    ARGV[5] its status
  Output: 1 the batch has ended; 0 it has not, or there is none
]]
--- @include batch

local keys = { batch = KEYS[1], items = KEYS[2], ended = KEYS[3], open = KEYS[4], outbox = KEYS[5] }
local state = redis.call('HGET', keys.batch, 'state')
if not state or state == 'dropped' then return 0 end
if state == 'completed' then return 1 end
redis.call('HSETNX', keys.ended, ARGV[4], ARGV[5])
if state ~= 'processing' or not has_all_ended(keys) then return 0 end
end_batch(keys, ARGV[1], ARGV[2], ARGV[3])
return 1
