--[[
  Gives new jobs of an API key their place in a lane: start-time fair queueing (Goyal, Vin, Cheng 1996) over BullMQ's
  waiting jobs. The virtual time of a lane is that of its first waiting job; an idle lane starts at 1 again. Each call
  takes the key's next turn, which moves on by 1 / weight. When a lane is busy for so long that its numbers grow too
  large, it is renumbered from 1.
    lane: { waiting (jobs of the queue, by score), turns (next turn of each key in this lane), before, size
      (priorities before and in this lane), step (of the score, from one priority to the next; within it jobs are in
      the order of arrival), idleMs (how long turns are kept when nothing is added) }
    record: of the key    field: of the key
  Returns the turn and the key's weight, both as text.
]]
local function whole(number) return string.format('%.0f', number) end

local function take_turn(lane, record, field)
  local waiting, turns, before, step = lane.waiting, lane.turns, lane.before, lane.step
  local first, last = whole((before + 1) * step), whole((before + lane.size + 1) * step - 1)
  local head = redis.call('ZRANGEBYSCORE', waiting, first, last, 'WITHSCORES', 'LIMIT', 0, 1)
  local now = 1
  if head[2] then now = math.floor(tonumber(head[2]) / step) - before else redis.call('DEL', turns) end

  if now > lane.size / 2 then
    local back = now - 1
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', waiting, first, last)) do
      redis.call('ZINCRBY', waiting, whole(-back * step), member)
    end
    local all = redis.call('HGETALL', turns)
    for i = 1, #all, 2 do redis.call('HSET', turns, all[i], math.max(1, tonumber(all[i + 1]) - back)) end
    now = 1
  end

  local weight = tonumber(redis.call('HGET', record, 'weight') or 1)
  local turn = math.max(now, tonumber(redis.call('HGET', turns, field) or 0))
  redis.call('HSET', turns, field, string.format('%.6f', turn + 1 / weight))
  redis.call('PEXPIRE', turns, lane.idleMs)
  return string.format('%.6f', turn), tostring(weight)
end
