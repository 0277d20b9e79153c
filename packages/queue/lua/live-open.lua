--[[
  Opens a live session, unless there are as many as the workers can hear, or as its API key may have.
    KEYS[1] the session    KEYS[2] leases of sessions of its kind    KEYS[3] sessions of its API key
    KEYS[4] leases of sessions that are stored, and of those that are not: whichever KEYS[2] is not
    ARGV[1] JSON: { id, fields (flat), model (absent: any), maxSessions, maxOfModel, maxOfKey (absent: no limit),
      retentionMs, now, stem (of sessions), unit, usage (see attach.lua), recording (absent: it is not stored): { upload
      (see include/uploads.lua), fields (of its record, flat), maxSessions (that can be stored at once) } }
  Output: { 'opened' } | { 'live_full', sessions } | { 'key_full', sessions }
          | { 'quota', 'day' or 'month', limit, used, reserved } when nothing is left of a quota
          | { 'too_many', open uploads, limit } | { 'key_disk', bytes held, limit }
]]
--- @include backlog
--- @include held
--- @include outbox
--- @include quota
--- @include uploads

local arg = cjson.decode(ARGV[1])
local usage = arg.usage
local quotas, usage_keys = quotas_of(usage.record, arg.unit), {}
for _, name in ipairs(QUOTA_NAMES) do
  usage_keys[name] = usage.stem .. usage.key .. ':' .. usage[name]
  local used, reserved = usage_of(usage_keys[name], arg.unit)
  if quotas[name] and used + reserved >= quotas[name] then return { 'quota', name, quotas[name], used, reserved } end
end
-- Those that nobody has touched for long are gone.
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if redis.call('EXISTS', arg.stem .. id) == 0 then redis.call('ZREM', KEYS[3], id) end
end
local own = redis.call('ZCARD', KEYS[3])
if arg.maxOfKey and own >= arg.maxOfKey then return { 'key_full', own } end
local alike = redis.call('ZCARD', KEYS[2])
local all = alike + redis.call('ZCARD', KEYS[4])
if all >= arg.maxSessions then return { 'live_full', all } end
local recording = arg.recording
if recording and alike >= recording.maxSessions then return { 'live_full', alike } end
if arg.model then
  local same = 0
  for _, leases in ipairs({ KEYS[2], KEYS[4] }) do
    for _, id in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
      local options = redis.call('HGET', arg.stem .. id, 'options')
      if options and cjson.decode(options).model == arg.model then same = same + 1 end
    end
  end
  if same >= arg.maxOfModel then return { 'live_full', same } end
end
if recording then
  local refused = create_upload(recording.upload, usage.record, recording.fields, arg.now)
  if refused then return refused end
end

redis.call('HSET', KEYS[1], unpack(arg.fields))
redis.call('ZADD', KEYS[2], 0, arg.id)
redis.call('ZADD', KEYS[3], arg.now, arg.id)
for _, name in ipairs(QUOTA_NAMES) do redis.call('HINCRBY', usage_keys[name], 'requests', 1) end
redis.call('PEXPIREAT', usage_keys.day, usage.keepDayAtMs)
redis.call('PEXPIREAT', usage_keys.month, usage.keepMonthAtMs)
redis.call('SADD', usage.keys .. usage.day, usage.key)
redis.call('PEXPIREAT', usage.keys .. usage.day, usage.keepDayAtMs)
-- Whatever happens, nothing stays for ever: every step of a session begins these times anew.
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], arg.retentionMs) end
return { 'opened' }
