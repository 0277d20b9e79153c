-- Ends a batch whose items have all ended: from here on it has a time to live, as its results have.
local function end_batch(keys, id, now, ttl)
  redis.call('HSET', keys.batch, 'state', 'completed', 'endedAtMs', now)
  redis.call('ZREM', keys.open, id)
  for _, key in ipairs({ keys.batch, keys.items, keys.ended }) do redis.call('PEXPIRE', key, ttl) end
  if redis.call('HGET', keys.batch, 'webhook') then
    redis.call('ZADD', keys.outbox, now, id .. '.1')
    redis.call('PUBLISH', keys.outbox, '')
  end
end

local function has_all_ended(keys)
  return redis.call('HLEN', keys.ended) >= tonumber(redis.call('HGET', keys.batch, 'accepted'))
end
