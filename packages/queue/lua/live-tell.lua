--[[
  Says what was heard, in one step with where somebody else would go on: an event is told once, whoever dies. The lease
  begins anew, and what was heard since the last time counts as used.
    KEYS[1] the session    KEYS[2] its audio    KEYS[3] its events    KEYS[4] leases    KEYS[5] sessions of its API key
    ARGV[1] JSON: { id, owner, now, leaseMs, retentionMs, cap, channel, events (JSON each), checkpoint (JSON; absent: as
      before), fromSample (audio before it was heard), keepFrom (audio before it is not needed any more), turn (absent: nothing is told; each is told once), heardMs, isOver,
      keepMs (of what stays when it is over), upload (that it is stored in; see include/uploads.lua; absent: it is not), ended
      (JSON of its last event, which is told when the recording is a job),
      unit, usage (see attach.lua), outbox }
  Output: { 'told', revision of its options, closedBy or '', samples received, seenAtMs }
          | { 'lost' }: somebody else hears it now, or it is gone; nothing was told
]]
--- @include backlog
--- @include held
--- @include outbox
--- @include quota
--- @include uploads

local arg = cjson.decode(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'owner', 'chargedMs', 'turn')
if session[1] ~= arg.owner then return { 'lost' } end

-- The answer to it was lost, and it was sent again.
local is_repeated = arg.turn and arg.turn <= tonumber(session[3] or 0)
if is_repeated then arg.events, arg.checkpoint = {}, nil end
if arg.turn and not is_repeated then redis.call('HSET', KEYS[1], 'turn', string.format('%.0f', arg.turn)) end

for _, event in ipairs(arg.events) do redis.call('XADD', KEYS[3], 'MAXLEN', '~', arg.cap, '*', 'e', event) end
if arg.checkpoint then
  redis.call('HSET', KEYS[1], 'checkpoint', arg.checkpoint, 'heard', string.format('%.0f', arg.fromSample),
    'keptFrom', string.format('%.0f', arg.keepFrom), 'claims', 0)
  -- The entry that the first sample is in stays.
  local before = redis.call('XREVRANGE', KEYS[2], string.format('%.0f-999', arg.keepFrom + 1), '-', 'COUNT', 1)
  if before[1] then redis.call('XTRIM', KEYS[2], 'MINID', before[1][1]) end
end

local charge = arg.heardMs - tonumber(session[2] or 0)
if charge > 0 then
  local usage, unit = arg.usage, arg.unit
  local quotas = quotas_of(usage.record, unit)
  for _, name in ipairs(QUOTA_NAMES) do
    local usage_key = usage.stem .. usage.key .. ':' .. usage[name]
    for _, field in ipairs({ unit.usage.used, unit.usage.done }) do
      redis.call('HINCRBY', usage_key, field, string.format('%.0f', charge))
    end
    redis.call('PEXPIREAT', usage_key, name == 'day' and usage.keepDayAtMs or usage.keepMonthAtMs)
    local limit, used = quotas[name], usage_of(usage_key, unit)
    for _, percent in ipairs({ 80, 100 }) do
      if limit and used * 100 >= limit * percent then
        note_quota(arg.outbox, usage_key, usage.key, usage[name], unit, percent, limit, used, arg.now)
      end
    end
    if limit and used >= limit then redis.call('HSETNX', KEYS[1], 'closedBy', 'quota') end
  end
  redis.call('SADD', usage.keys .. usage.day, usage.key)
  redis.call('PEXPIREAT', usage.keys .. usage.day, usage.keepDayAtMs)
  redis.call('HSET', KEYS[1], 'chargedMs', string.format('%.0f', arg.heardMs))
end

if arg.isOver then
  redis.call('ZREM', KEYS[4], arg.id)
  redis.call('ZREM', KEYS[5], arg.id)
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', KEYS[1], 'owner')
  if arg.ended then
    redis.call('HSET', KEYS[1], 'ended', arg.ended)
    emit(arg.outbox, { 'recordings' }, arg.now, 'live_recorded:' .. arg.id)
    for _, key in ipairs({ KEYS[1], KEYS[3] }) do redis.call('PEXPIRE', key, arg.upload.retentionMs) end
  else
    if arg.upload then drop_upload(arg.upload) end
    redis.call('HSET', KEYS[1], 'isOver', 1)
    for _, key in ipairs({ KEYS[1], KEYS[3] }) do redis.call('PEXPIRE', key, arg.keepMs) end
  end
else
  redis.call('ZADD', KEYS[4], 'XX', arg.now + arg.leaseMs, arg.id)
  for i = 1, 5 do redis.call('PEXPIRE', KEYS[i], arg.retentionMs) end
end
if arg.upload and (arg.ended or not arg.isOver) then keep_upload(arg.upload, arg.now) end
if #arg.events > 0 then redis.call('PUBLISH', arg.channel, arg.isOver and 'end' or '') end
local now = redis.call('HMGET', KEYS[1], 'revision', 'closedBy', 'received', 'seenAtMs')
return { 'told', tonumber(now[1] or 0), now[2] or '', tonumber(now[3]), now[4] }
