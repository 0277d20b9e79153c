--[[
  Appends a piece that is durable in storage to a resumable upload, only at the offset it was sent for.
    KEYS[1] record of the API key
    ARGV[1] JSON: { upload (see include/uploads.lua; without limits, it grows whatever its key holds), offset and bytes (of
      the piece), part (JSON of the piece), now, maxParts }
  Output: { 'appended', the new offset } | { 'conflict' }: the upload continues at another offset
          | { 'gone' }: forgotten, or used | { 'too_many_parts' }
          | { 'key_disk', bytes that the API key holds, limit }
]]
--- @include backlog
--- @include held
--- @include uploads

local arg = cjson.decode(ARGV[1])
local upload = arg.upload
local stored = redis.call('HMGET', upload.record, 'offset', 'jobId')
if not stored[1] or stored[2] then return { 'gone' } end
if tonumber(stored[1]) ~= arg.offset then return { 'conflict' } end
if redis.call('LLEN', upload.parts) >= arg.maxParts then return { 'too_many_parts' } end
local offset, member = arg.offset + arg.bytes, 'upload:' .. upload.id
local max_bytes = upload.limits and held_limit(KEYS[1], 'heldBytes', upload.limits.heldBytes)
if max_bytes then
  local others = held_beyond(upload.held, max_bytes, offset, member)
  if others then return { 'key_disk', others + arg.offset, max_bytes } end
end
redis.call('RPUSH', upload.parts, arg.part)
redis.call('HSET', upload.record, 'offset', offset, 'touchedAtMs', arg.now)
keep_upload(upload, arg.now)
hold(upload.held, member, offset)
return { 'appended', offset }
