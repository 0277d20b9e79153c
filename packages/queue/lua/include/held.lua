--[[
  What an API key keeps on disk: `held` is { key, uploadStem, runStem }; its sorted set has the bytes of each resumable
  upload ('upload:ID') and of the recording of each run in processing ('run:ID'). No end, expiry or death is noted:
  whoever looks at each member drops those that have ended. Until then their bytes are part of the sum that is kept (as
  that of a backlog is, see include/backlog.lua), so it is never too small. What fits beside the sum needs no look; as
  the sum expires, there is one every now and then.
]]
local HELD_MS = 30 * 24 * 3600 * 1000

local function is_held(held, member)
  local kind, id = string.match(member, '^(%l+):(.+)$')
  if kind ~= 'upload' then return redis.call('HGET', held.runStem .. id, 'status') == 'processing' end
  local upload = redis.call('HMGET', held.uploadStem .. id, 'id', 'jobId')
  return upload[1] and not upload[2]
end

-- Bytes and open uploads, without the member `except`. Drops what has ended.
local function held_by(held, except)
  local bytes, members, uploads, excepted = 0, 0, 0, 0
  local entries = redis.call('ZRANGE', held.key, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    local member, size = entries[i], tonumber(entries[i + 1])
    if not is_held(held, member) then
      redis.call('ZREM', held.key, member)
    else
      bytes, members = bytes + size, members + 1
      if member == except then
        excepted = size
      elseif member:find('^upload:') then
        uploads = uploads + 1
      end
    end
  end
  keep_sum(held.key, members, bytes)
  return bytes - excepted, uploads
end

-- Bytes held without the member `except`, if `more` do not fit beside them; nil: they fit.
local function held_beyond(held, max_bytes, more, except)
  local most = kept_sum(held.key, redis.call('ZCARD', held.key))
  local excepted = except and redis.call('ZSCORE', held.key, except) or 0
  if most and most - tonumber(excepted) + more <= max_bytes then return nil end
  local bytes = held_by(held, except)
  if bytes + more > max_bytes then return bytes end
end

local function hold(held, member, bytes)
  if redis.call('ZSCORE', held.key, member) then
    set_cost(held.key, member, bytes)
  else
    add_cost(held.key, member, bytes)
  end
  redis.call('PEXPIRE', held.key, HELD_MS)
end

-- A limit of the key's own, else the default (nil: none). The record is read each time, so that a change applies at once.
local function held_limit(key_record, name, default)
  local json = redis.call('HGET', key_record, 'limits')
  local own = json and cjson.decode(json)[name]
  if type(own) == 'number' then return own end
  return default
end
