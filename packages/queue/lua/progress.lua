--[[
  A window at work says how far it is. The run's progress goes from 5 to 95 with its windows and never back.
    KEYS[1] run    KEYS[2] windows    KEYS[3] fractions    KEYS[4] events
    ARGV[1] window index    ARGV[2] fraction, 0-1    ARGV[3] cap of the stream    ARGV[4] doorbell
  Output: 1 if it counted, 0 if the window or the run has ended
]]
local run = redis.call('HMGET', KEYS[1], 'status', 'windowsTotal', 'windowsDone', 'progress')
if run[1] ~= 'processing' or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
local done = tonumber(run[3])
for _, fraction in ipairs(redis.call('HVALS', KEYS[3])) do done = done + tonumber(fraction) end
local before = tonumber(run[4])
local progress = math.min(95, 5 + 90 * done / math.max(1, tonumber(run[2]) or 1))
if progress <= before then return 1 end
redis.call('HSET', KEYS[1], 'progress', string.format('%.2f', progress))
if math.floor(progress) > math.floor(before) then
  local event = string.format('{"type":"progress","stage":"transcribing","progress":%d}', math.floor(progress))
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', 'e', event)
  redis.call('PUBLISH', ARGV[4], '')
end
return 1
