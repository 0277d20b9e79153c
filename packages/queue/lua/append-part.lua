--[[
  A piece of a resumable upload, durable in storage, becomes part of it; only at the offset it was meant for.
    KEYS[1] upload    KEYS[2] its parts    KEYS[3] uploads by the time they are forgotten
    ARGV[1] upload id    ARGV[2] offset of the piece    ARGV[3] bytes of the piece    ARGV[4] piece, JSON
    ARGV[5] now, ms    ARGV[6] keeping time, ms    ARGV[7] parts it may have
  Output: the new offset; -1 when it is elsewhere by now, -2 when it is gone or used, -3 when it has too many parts
]]
local upload = redis.call('HMGET', KEYS[1], 'offset', 'jobId')
if not upload[1] or upload[2] then return -2 end
if tonumber(upload[1]) ~= tonumber(ARGV[2]) then return -1 end
if redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[7]) then return -3 end
local offset = tonumber(upload[1]) + tonumber(ARGV[3])
redis.call('RPUSH', KEYS[2], ARGV[4])
redis.call('HSET', KEYS[1], 'offset', offset, 'touchedAtMs', ARGV[5])
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end
redis.call('ZADD', KEYS[3], tonumber(ARGV[5]) + tonumber(ARGV[6]), ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[6])
return offset
