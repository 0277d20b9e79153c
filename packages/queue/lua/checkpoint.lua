--[[
  Stores the result of a window; the first one stays. Text events leave in the order of the recording: a window's wait
  until all windows before it are done.
    KEYS[1] run    KEYS[2] windows    KEYS[3] texts that wait    KEYS[4] fractions    KEYS[5] events    KEYS[6] backlog
    ARGV[1] window index    ARGV[2] result, JSON    ARGV[3] its text events, JSON lines
    ARGV[4] cap of the stream    ARGV[5] doorbell    ARGV[6] run id    ARGV[7] stem of backlogs of API keys
    ARGV[8] time of the engine, ms
  Output: 1 if stored, 0 if somebody was first or the run has ended
]]
local run = redis.call('HMGET', KEYS[1], 'status', 'windowsTotal', 'frontier', 'progress', 'keyId')
if run[1] ~= 'processing' then return 0 end
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])

local function tell(event) redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[4], '*', 'e', event) end

local frontier = tonumber(run[3])
local texts = redis.call('HGET', KEYS[3], frontier)
while texts do
  for event in texts:gmatch('[^\n]+') do tell(event) end
  redis.call('HDEL', KEYS[3], frontier)
  frontier = frontier + 1
  texts = redis.call('HGET', KEYS[3], frontier)
end

redis.call('HINCRBY', KEYS[1], 'engineMs', ARGV[8])
local done = redis.call('HINCRBY', KEYS[1], 'windowsDone', 1)
local windows = math.max(1, tonumber(run[2]) or 1)
local to_go = tonumber(redis.call('ZSCORE', KEYS[6], ARGV[6]) or 0) * math.max(0, windows - done) / (windows - done + 1)
local key = (run[5] or '') == '' and '-' or run[5]
redis.call('ZADD', KEYS[6], 'XX', to_go, ARGV[6])
redis.call('ZADD', ARGV[7] .. key, 'XX', to_go, ARGV[6])
for _, fraction in ipairs(redis.call('HVALS', KEYS[4])) do done = done + tonumber(fraction) end
local before = tonumber(run[4])
local progress = math.max(before, math.min(95, 5 + 90 * done / windows))
redis.call('HSET', KEYS[1], 'frontier', frontier, 'progress', string.format('%.2f', progress))
if math.floor(progress) > math.floor(before) then
  tell(string.format('{"type":"progress","stage":"transcribing","progress":%d}', math.floor(progress)))
end
redis.call('PUBLISH', ARGV[5], '')
return 1
