--[[
  A request and its run, in one step.
    KEYS[1] request    KEYS[2] tombstone
    ARGV[1] JSON: { runStem, kinds: for each kind of run { taken (list of jobs that are taken first), waiting (jobs by
      priority), first (list of { waiting, suffix }: children in which such a run may wait for its first turn) } }
  Output: { 'found', { request, flat }, { run, flat }, jobs before its own (-1: it does not wait for a first turn) }
          | { 'expired', key id or '' } | { 'unknown' }
]]
local request = redis.call('HGETALL', KEYS[1])
if #request == 0 then
  local key_id = redis.call('GET', KEYS[2])
  if key_id then return { 'expired', key_id } end
  return { 'unknown' }
end
local arg = cjson.decode(ARGV[1])
local about = redis.call('HMGET', KEYS[1], 'runId', 'keyId')
local run_key = arg.runStem .. about[1]
local run = redis.call('HGETALL', run_key)
if #run == 0 then return { 'expired', about[2] or '' } end

local function jobs_before()
  local state = redis.call('HMGET', run_key, 'status', 'stage', 'kind')
  local kind = arg.kinds[state[3] or 'transcription']
  if state[1] ~= 'processing' or state[2] ~= 'queued' or not kind then return -1 end
  for _, first in ipairs(kind.first) do
    local rank = redis.call('ZRANK', first.waiting, about[1] .. first.suffix)
    if rank then return rank end
  end
  local rank = redis.call('ZRANK', kind.waiting, about[1])
  return rank and redis.call('LLEN', kind.taken) + rank or -1
end

return { 'found', request, run, jobs_before() }
