--[[
  Moves a run forward to a stage; never back.
    KEYS[1] run    KEYS[2] events
    ARGV[1] stage    ARGV[2] least progress of that stage    ARGV[3] cap of the stream    ARGV[4] doorbell
  Output: 1 if the run is in that stage now, else 0
]]
local RANK = { queued = 1, preparing = 2, transcribing = 3, assembling = 4 }
local run = redis.call('HMGET', KEYS[1], 'status', 'stage', 'progress')
if run[1] ~= 'processing' or RANK[run[2]] > RANK[ARGV[1]] then return 0 end
if run[2] == ARGV[1] then return 1 end
local progress = math.max(tonumber(run[3]), tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'stage', ARGV[1], 'progress', progress)
local event = string.format('{"type":"progress","stage":"%s","progress":%d}', ARGV[1], math.floor(progress))
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'e', event)
redis.call('PUBLISH', ARGV[4], '')
return 1
