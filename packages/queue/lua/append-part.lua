--[[
  Appends a piece that is durable in storage to a resumable upload, only at the offset it was sent for.
    KEYS[1] upload    KEYS[2] its parts    KEYS[3] uploads by the time they are forgotten
    KEYS[4] record of the API key
    ARGV[1] JSON: { uploadId, offset and bytes (of the piece), part (JSON of the piece), now, retentionMs, maxParts,
      held (see include/held.lua), limits { heldBytes } (absent: none; the key's own comes first) }
  Output: { 'appended', the new offset } | { 'conflict' }: the upload continues at another offset
          | { 'gone' }: forgotten, or used | { 'too_many_parts' }
          | { 'key_disk', bytes that the API key holds, limit }
]]
--- @include backlog
--- @include held

local arg = cjson.decode(ARGV[1])
local upload = redis.call('HMGET', KEYS[1], 'offset', 'jobId')
if not upload[1] or upload[2] then return { 'gone' } end
if tonumber(upload[1]) ~= arg.offset then return { 'conflict' } end
if redis.call('LLEN', KEYS[2]) >= arg.maxParts then return { 'too_many_parts' } end
local offset, member = arg.offset + arg.bytes, 'upload:' .. arg.uploadId
local max_bytes = held_limit(KEYS[4], 'heldBytes', arg.limits.heldBytes)
if max_bytes then
  local others = held_beyond(arg.held, max_bytes, offset, member)
  if others then return { 'key_disk', others + arg.offset, max_bytes } end
end
redis.call('RPUSH', KEYS[2], arg.part)
redis.call('HSET', KEYS[1], 'offset', offset, 'touchedAtMs', arg.now)
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], arg.retentionMs) end
redis.call('ZADD', KEYS[3], arg.now + arg.retentionMs, arg.uploadId)
redis.call('PEXPIRE', KEYS[3], arg.retentionMs)
hold(arg.held, member, offset)
return { 'appended', offset }
