--[[
  Begins a resumable upload, unless its API key has too many open ones, or holds too much already.
    KEYS[1] upload    KEYS[2] uploads by the time they are forgotten    KEYS[3] record of the API key
    ARGV[1] JSON: { uploadId, fields (flat), now, retentionMs, held (see include/held.lua),
      limits { openUploads, heldBytes } (absent: none; the key's own come first) }
  Output: { 'created' } | { 'too_many', open uploads, limit } | { 'key_disk', bytes held, limit }
]]
--- @include backlog
--- @include held

local arg = cjson.decode(ARGV[1])
local bytes, uploads = held_by(arg.held)
local max_open = held_limit(KEYS[3], 'openUploads', arg.limits.openUploads)
if max_open and uploads >= max_open then return { 'too_many', uploads, max_open } end
local max_bytes = held_limit(KEYS[3], 'heldBytes', arg.limits.heldBytes)
if max_bytes and bytes >= max_bytes then return { 'key_disk', bytes, max_bytes } end
redis.call('HSET', KEYS[1], unpack(arg.fields))
redis.call('PEXPIRE', KEYS[1], arg.retentionMs)
redis.call('ZADD', KEYS[2], arg.now + arg.retentionMs, arg.uploadId)
redis.call('PEXPIRE', KEYS[2], arg.retentionMs)
hold(arg.held, 'upload:' .. arg.uploadId, 0)
return { 'created' }
