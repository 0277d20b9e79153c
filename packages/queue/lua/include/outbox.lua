-- Puts an event into the outbox of each consumer that hears of it, in the step that makes it true: whoever dies
-- afterwards, it is there. `outbox` is { stem of the consumers' keys, channel }; `now` is when it is due.
local function emit(outbox, consumers, now, event)
  for _, name in ipairs(consumers) do redis.call('ZADD', outbox.stem .. name, now, event) end
  if #consumers > 0 then redis.call('PUBLISH', outbox.channel, '') end
end

-- Consumers that hear of the end of a request, by name. Builds before the outbox said `webhook` for both of theirs.
local function consumers_of(request_key)
  local request = redis.call('HMGET', request_key, 'tells', 'webhook')
  local names = {}
  for name in (request[1] or (request[2] and 'webhooks,batches') or ''):gmatch('[^,]+') do names[#names + 1] = name end
  return names
end
