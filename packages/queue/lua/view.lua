--[[
  A request and its run, in one step.
    KEYS[1] request    KEYS[2] tombstone
    ARGV[1] stem of run keys
  Output: { 'found', { request, flat }, { run, flat } } | { 'expired', key id or '' } | { 'unknown' }
]]
local request = redis.call('HGETALL', KEYS[1])
if #request == 0 then
  local key_id = redis.call('GET', KEYS[2])
  if key_id then return { 'expired', key_id } end
  return { 'unknown' }
end
local run = redis.call('HGETALL', ARGV[1] .. redis.call('HGET', KEYS[1], 'runId'))
if #run == 0 then return { 'expired', redis.call('HGET', KEYS[1], 'keyId') or '' } end
return { 'found', request, run }
