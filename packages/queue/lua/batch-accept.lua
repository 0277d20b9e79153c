--[[
  Accepts a batch whose files have all come in: from here on it is known, and ends when its last item does.
    KEYS[1] batch    KEYS[2] items    KEYS[3] ended items    KEYS[4] open batches    KEYS[5] webhook outbox, and its channel
    KEYS[6] lease    KEYS[7] blobs it holds    KEYS[8] requests being attached
    ARGV[1] batch id    ARGV[2] now, ms    ARGV[3] keeping time, ms    ARGV[4] number of items that are requests
    ARGV[5] delivery, JSON    ARGV[6] '1': has a webhook    ARGV[7..] items, JSON
  Output: 1; 0 when it was dropped meanwhile
]]
--- @include batch

local keys = { batch = KEYS[1], items = KEYS[2], ended = KEYS[3], open = KEYS[4], outbox = KEYS[5] }
if redis.call('HGET', keys.batch, 'state') ~= 'accepting' then return 0 end
for i = 7, #ARGV do redis.call('RPUSH', keys.items, ARGV[i]) end
redis.call('HSET', keys.batch, 'state', 'processing', 'accepted', ARGV[4], 'delivery', ARGV[5], 'touchedAtMs', ARGV[2])
if ARGV[6] == '1' then redis.call('HSET', keys.batch, 'webhook', '1') end
redis.call('DEL', KEYS[6], KEYS[7], KEYS[8])
-- Short recordings may have been done before the last one had come.
if has_all_ended(keys) then end_batch(keys, ARGV[1], ARGV[2], ARGV[3]) end
return 1
