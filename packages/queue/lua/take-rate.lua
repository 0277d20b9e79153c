--[[
  A sliding window: at most `limit` requests in any window of that length. By the server's own clock, so that several
  API processes agree.
    KEYS[1] requests of the subject
    ARGV[1] JSON: { limit, windowMs, now (absent: the server's clock) }
  Output: { 'allowed' or 'refused', requests left, ms until the oldest one leaves the window }
]]
local arg = cjson.decode(ARGV[1])
local now = arg.now
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local limit, window = arg.limit, arg.windowMs
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local taken = redis.call('ZCARD', KEYS[1])
local allowed = taken < limit
if allowed then
  local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  local number = newest[1] and tonumber(newest[1]) + 1 or 1
  -- Never before the newest: numbers must grow with time.
  redis.call('ZADD', KEYS[1], math.max(now, tonumber(newest[2] or 0)), string.format('%015d', number))
  redis.call('PEXPIRE', KEYS[1], window)
  taken = taken + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local wait = oldest and math.max(0, tonumber(oldest) + window - now) or 0
return { allowed and 'allowed' or 'refused', math.max(0, limit - taken), wait }
