--[[
  A request and its run, in one step.
    KEYS[1] request    KEYS[2] tombstone    KEYS[3] stem of run keys
    ARGV[1] JSON: { kinds: for each kind of run { taken (list of jobs that are taken first), waiting (jobs by priority),
      first (list of { waiting, suffix }: children in which such a run may wait for its first turn) } }
  Output: { 'found', { request, flat }, { run, flat }, jobs before its own (-1: it does not wait for a first turn) }
          | { 'expired', key id or '' } | { 'unknown' }
]]
local function field(flat, name)
  for i = 1, #flat, 2 do
    if flat[i] == name then return flat[i + 1] end
  end
end

local request = redis.call('HGETALL', KEYS[1])
if #request == 0 then
  local key_id = redis.call('GET', KEYS[2])
  if key_id then return { 'expired', key_id } end
  return { 'unknown' }
end
local run_id = field(request, 'runId')
local run = redis.call('HGETALL', KEYS[3] .. run_id)
if #run == 0 then return { 'expired', field(request, 'keyId') or '' } end

local function jobs_before()
  if field(run, 'status') ~= 'processing' or field(run, 'stage') ~= 'queued' then return -1 end
  local kind = cjson.decode(ARGV[1]).kinds[field(run, 'kind') or 'transcription']
  if not kind then return -1 end
  for _, first in ipairs(kind.first) do
    local rank = redis.call('ZRANK', first.waiting, run_id .. first.suffix)
    if rank then return rank end
  end
  local rank = redis.call('ZRANK', kind.waiting, run_id)
  return rank and redis.call('LLEN', kind.taken) + rank or -1
end

return { 'found', request, run, jobs_before() }
