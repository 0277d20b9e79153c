--[[
  Stores the plan of a run; the first one stays. Now that the length is known, so is the lane.
    KEYS[1] run    KEYS[2] plan    KEYS[3] events    KEYS[4] backlog
    ARGV[1] plan, JSON    ARGV[2] duration, ms    ARGV[3] number of windows    ARGV[4] progress now
    ARGV[5] warnings, JSON lines    ARGV[6] cap of the stream    ARGV[7] doorbell
    ARGV[8] run id    ARGV[9] stem of backlogs of API keys    ARGV[10] sound in windows, ms
    ARGV[11] longest recording that counts as interactive however it was sent, ms
  Output: the plan that holds, JSON; nil when the run is not in processing
]]
local run = redis.call('HMGET', KEYS[1], 'status', 'warnings', 'progress', 'keyId', 'stepsBack')
if run[1] ~= 'processing' then return nil end
if redis.call('SETNX', KEYS[2], ARGV[1]) == 0 then return redis.call('GET', KEYS[2]) end
local warnings = run[2] or ''
if ARGV[5] ~= '' then warnings = warnings == '' and ARGV[5] or (warnings .. '\n' .. ARGV[5]) end
local progress = math.max(tonumber(run[3]), tonumber(ARGV[4]))
redis.call('HSET', KEYS[1], 'durationMs', ARGV[2], 'windowsTotal', ARGV[3], 'warnings', warnings,
  'stage', 'transcribing', 'progress', progress)
if tonumber(ARGV[2]) <= tonumber(ARGV[11]) and run[5] ~= '1' then redis.call('HSET', KEYS[1], 'lane', 'interactive') end
local key = (run[4] or '') == '' and '-' or run[4]
redis.call('ZADD', KEYS[4], 'XX', ARGV[10], ARGV[8])
redis.call('ZADD', ARGV[9] .. key, 'XX', ARGV[10], ARGV[8])
local event = string.format('{"type":"progress","stage":"transcribing","progress":%d}', math.floor(progress))
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'e', event)
redis.call('PUBLISH', ARGV[7], '')
return ARGV[1]
