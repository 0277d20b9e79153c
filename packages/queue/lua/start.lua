--[[
  A worker begins, or begins again, to prepare a run.
    KEYS[1] run    KEYS[2] events
    ARGV[1] now, ms    ARGV[2] cap of the stream    ARGV[3] doorbell
  Output: the run's hash, flat; empty when it is not in processing
]]
if redis.call('HGET', KEYS[1], 'status') ~= 'processing' then return {} end
redis.call('HSETNX', KEYS[1], 'startedAtMs', ARGV[1])
if redis.call('HGET', KEYS[1], 'stage') == 'queued' then
  redis.call('HSET', KEYS[1], 'stage', 'preparing', 'progress', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'e', '{"type":"progress","stage":"preparing","progress":1}')
  redis.call('PUBLISH', ARGV[3], '')
end
return redis.call('HGETALL', KEYS[1])
