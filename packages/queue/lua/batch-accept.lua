--[[
  Accepts a batch that has been received completely: from here on it is known, and it ends when its last item does.
    KEYS[1] batch    KEYS[2] items    KEYS[3] ended items    KEYS[4] open batches
    KEYS[5] lease    KEYS[6] staged uploads    KEYS[7] requests being attached
    ARGV[1] JSON: { batchId, now, retentionMs, accepted (number of items that are requests), delivery (JSON),
      hasWebhook, items (JSON each), anew: { keyId ('' for none) } if Redis has lost it (else absent), outbox }
  Output: 'accepted', or 'dropped' when the batch has been dropped meanwhile, or was accepted before
]]
--- @include outbox
--- @include batch

local arg = cjson.decode(ARGV[1])
local keys = { batch = KEYS[1], items = KEYS[2], ended = KEYS[3], open = KEYS[4] }
local state = redis.call('HGET', keys.batch, 'state')
if arg.anew and state ~= 'processing' and state ~= 'completed' then
  redis.call('HSET', keys.batch, 'id', arg.batchId, 'keyId', arg.anew.keyId, 'createdAtMs', arg.now)
  redis.call('ZADD', keys.open, arg.now, arg.batchId)
  state = 'accepting'
end
if state ~= 'accepting' then return 'dropped' end
for _, item in ipairs(arg.items) do redis.call('RPUSH', keys.items, item) end
redis.call('HSET', keys.batch, 'state', 'processing', 'accepted', arg.accepted, 'delivery', arg.delivery,
  'touchedAtMs', arg.now)
if arg.hasWebhook then redis.call('HSET', keys.batch, 'webhook', '1') end
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7])
-- Short recordings may have been done before the last file was received.
if has_all_ended(keys) then end_batch(keys, arg) end
return 'accepted'
