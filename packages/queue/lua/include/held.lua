--[[
  What an API key keeps on disk: `held` is { key, uploadStem, runStem }; its sorted set has the bytes of each resumable
  upload ('upload:ID') and of the recording of each run in processing ('run:ID'). Whoever adds up drops what has ended,
  so that no end, expiry or death has to be noted.
]]
local HELD_MS = 30 * 24 * 3600 * 1000

-- Bytes and open uploads, without the member `except`.
local function held_by(held, except)
  local bytes, uploads = 0, 0
  local entries = redis.call('ZRANGE', held.key, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    local kind, id = string.match(entries[i], '^(%l+):(.+)$')
    local is_held
    if kind == 'upload' then
      local upload = redis.call('HMGET', held.uploadStem .. id, 'id', 'jobId')
      is_held = upload[1] and not upload[2]
    else
      is_held = redis.call('HGET', held.runStem .. id, 'status') == 'processing'
    end
    if not is_held then
      redis.call('ZREM', held.key, entries[i])
    elseif entries[i] ~= except then
      bytes = bytes + tonumber(entries[i + 1])
      if kind == 'upload' then uploads = uploads + 1 end
    end
  end
  return bytes, uploads
end

local function hold(held, member, bytes)
  redis.call('ZADD', held.key, bytes, member)
  redis.call('PEXPIRE', held.key, HELD_MS)
end

-- A limit of the key's own, else the default (nil: none). The record is read each time, so that a change applies at once.
local function held_limit(key_record, name, default)
  local json = redis.call('HGET', key_record, 'limits')
  local own = json and cjson.decode(json)[name]
  if type(own) == 'number' then return own end
  return default
end
