--[[
  A sliding window: at most `limit` takes in any window of that length. The server's own clock, so that several API
  processes agree.
    KEYS[1] takes of the subject
    ARGV[1] limit    ARGV[2] window, ms    ARGV[3] now, ms, or '' for the server's clock
  Output: { 1 if allowed else 0, takes left, ms until the oldest take leaves the window }
]]
local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local taken = redis.call('ZCARD', KEYS[1])
local allowed = taken < limit
if allowed then
  local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  local number = newest[1] and tonumber(newest[1]) + 1 or 1
  -- Never before the newest: the number of a take must grow with its time.
  redis.call('ZADD', KEYS[1], math.max(now, tonumber(newest[2] or 0)), string.format('%015d', number))
  redis.call('PEXPIRE', KEYS[1], window)
  taken = taken + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local wait = oldest and math.max(0, tonumber(oldest) + window - now) or 0
return { allowed and 1 or 0, math.max(0, limit - taken), wait }
