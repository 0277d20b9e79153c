--[[
  A request and its run, in one step.
    KEYS[1] request    KEYS[2] tombstone    KEYS[3] jobs to take next (list)    KEYS[4] jobs by priority
    KEYS[5] recordings that wait to be prepared, by priority
    ARGV[1] stem of run keys    ARGV[2] what makes the job's id of a run's that is prepared
  Output: { 'found', { request, flat }, { run, flat }, jobs before its own, or -1 if that does not wait for a first turn }
          | { 'expired', key id or '' } | { 'unknown' }
]]
local request = redis.call('HGETALL', KEYS[1])
if #request == 0 then
  local key_id = redis.call('GET', KEYS[2])
  if key_id then return { 'expired', key_id } end
  return { 'unknown' }
end
local run = redis.call('HGETALL', ARGV[1] .. redis.call('HGET', KEYS[1], 'runId'))
if #run == 0 then return { 'expired', redis.call('HGET', KEYS[1], 'keyId') or '' } end
local state = redis.call('HMGET', ARGV[1] .. redis.call('HGET', KEYS[1], 'runId'), 'status', 'stage', 'id')
local before = -1
if state[1] == 'processing' and state[2] == 'queued' then
  local rank = redis.call('ZRANK', KEYS[5], state[3] .. ARGV[2])
  if rank then
    before = rank
  else
    rank = redis.call('ZRANK', KEYS[4], state[3])
    if rank then before = redis.call('LLEN', KEYS[3]) + rank end
  end
end
return { 'found', request, run, before }
