-- Puts an event into the outbox of each of these consumers, in the step that makes it true, so that it is there whoever
-- dies afterwards. `outbox` is { stem of the consumers' keys, channel }; `now` is when the event is due.
local function emit(outbox, consumers, now, event)
  for _, name in ipairs(consumers) do redis.call('ZADD', outbox.stem .. name, now, event) end
  if #consumers > 0 then redis.call('PUBLISH', outbox.channel, '') end
end

-- Names of the consumers that are notified of the end of a request. Builds before the outbox wrote `webhook` for both.
local function consumers_of(request_key)
  local request = redis.call('HMGET', request_key, 'consumers', 'webhook')
  local names = {}
  for name in (request[1] or (request[2] and 'webhooks,batches') or ''):gmatch('[^,]+') do names[#names + 1] = name end
  return names
end
