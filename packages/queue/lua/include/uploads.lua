-- Resumable uploads. `upload`: { id, record, parts, index (uploads by the time they are forgotten), retentionMs, held (see
-- include/held.lua), limits { openUploads, heldBytes } (absent: none; the key's own come first) }.

-- Begins one, unless its API key has too many open ones, or holds too much already. Returns nil, or why not.
local function create_upload(upload, key_record, fields, now)
  local bytes, uploads = held_by(upload.held)
  local max_open = held_limit(key_record, 'openUploads', upload.limits.openUploads)
  if max_open and uploads >= max_open then return { 'too_many', uploads, max_open } end
  local max_bytes = held_limit(key_record, 'heldBytes', upload.limits.heldBytes)
  if max_bytes and bytes >= max_bytes then return { 'key_disk', bytes, max_bytes } end
  redis.call('HSET', upload.record, unpack(fields))
  redis.call('PEXPIRE', upload.record, upload.retentionMs)
  redis.call('ZADD', upload.index, now + upload.retentionMs, upload.id)
  redis.call('PEXPIRE', upload.index, upload.retentionMs)
  hold(upload.held, 'upload:' .. upload.id, 0)
end

-- Its retention begins anew.
local function keep_upload(upload, now)
  for _, key in ipairs({ upload.record, upload.parts }) do redis.call('PEXPIRE', key, upload.retentionMs) end
  redis.call('ZADD', upload.index, now + upload.retentionMs, upload.id)
  redis.call('PEXPIRE', upload.index, upload.retentionMs)
end

local function drop_upload(upload)
  redis.call('DEL', upload.record, upload.parts)
  redis.call('ZREM', upload.index, upload.id)
  remove_cost(upload.held.key, 'upload:' .. upload.id)
end
