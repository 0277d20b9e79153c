-- Ends a batch whose items have all ended: from here on it expires, as its results do.
-- `arg`: { batchId, now, retentionMs, outbox }.
local function end_batch(keys, arg)
  redis.call('HSET', keys.batch, 'state', 'completed', 'endedAtMs', arg.now)
  redis.call('ZREM', keys.open, arg.batchId)
  for _, key in ipairs({ keys.batch, keys.items, keys.ended }) do redis.call('PEXPIRE', key, arg.retentionMs) end
  if redis.call('HGET', keys.batch, 'webhook') then
    emit(arg.outbox, { 'webhooks' }, arg.now, 'batch_ended:' .. arg.batchId .. ':1')
  end
end

local function has_all_ended(keys)
  return redis.call('HLEN', keys.ended) >= tonumber(redis.call('HGET', keys.batch, 'accepted'))
end
