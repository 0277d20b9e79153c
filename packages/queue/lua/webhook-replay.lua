--[[
  Puts the webhook of an ended request or batch into the outbox once more.
    KEYS[1] request or batch    KEYS[2] webhook outbox, and its channel
    ARGV[1] its id    ARGV[2] now, ms
  Output: the number of the delivery; 0 when it has no webhook, or is gone
]]
if not redis.call('HGET', KEYS[1], 'webhook') then return 0 end
local delivery = redis.call('HINCRBY', KEYS[1], 'webhookReplays', 1) + 1
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1] .. '.' .. delivery)
redis.call('PUBLISH', KEYS[2], '')
return delivery
