--[[
  Gives new jobs of an API key their place in a lane: start-time fair queueing (Goyal, Vin, Cheng 1996) over BullMQ's
  waiting jobs. The lane's virtual time is the first waiting job's; an idle lane begins at 1 again. Each call takes the
  key's next turn, which moves on by 1 / weight. A lane that was never idle for so long that its numbers grow too large
  is numbered from 1 again.
    KEYS[1] waiting jobs of the queue, by score (priority * 2^32 + arrival)
    KEYS[2] next turn of each key in this lane    KEYS[3] unfinished runs of the key    KEYS[4] the key's record
    ARGV[1] priorities before this lane    ARGV[2] priorities in this lane    ARGV[3] field of the key
    ARGV[4] life of idle turns, ms
  Output: { turn, weight } as text, and the key's number of unfinished runs
]]
local STEP = 4294967296
local base, size, field = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local function text(number) return string.format('%.0f', number) end

local first, last = text((base + 1) * STEP), text((base + size + 1) * STEP - 1)
local head = redis.call('ZRANGEBYSCORE', KEYS[1], first, last, 'WITHSCORES', 'LIMIT', 0, 1)
local now = 1
if head[2] then now = math.floor(tonumber(head[2]) / STEP) - base else redis.call('DEL', KEYS[2]) end

if now > size / 2 then
  local back = now - 1
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], first, last)) do
    redis.call('ZINCRBY', KEYS[1], text(-back * STEP), member)
  end
  local turns = redis.call('HGETALL', KEYS[2])
  for i = 1, #turns, 2 do redis.call('HSET', KEYS[2], turns[i], math.max(1, tonumber(turns[i + 1]) - back)) end
  now = 1
end

local weight = tonumber(redis.call('HGET', KEYS[4], 'weight') or 1)
local turn = math.max(now, tonumber(redis.call('HGET', KEYS[2], field) or 0))
redis.call('HSET', KEYS[2], field, string.format('%.6f', turn + 1 / weight))
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return { string.format('%.6f', turn), tostring(weight), redis.call('ZCARD', KEYS[3]) }
