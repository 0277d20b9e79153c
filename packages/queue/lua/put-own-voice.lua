--[[
  Stores a consent or an own voice of an API key, or replaces one: all of a key are in one hash, so that a voice never
  stays without its consent.
    KEYS[1] own voices of the key
    ARGV[1] JSON: { id ('': all, where it deletes), stem (of the ids that it counts among), most (that a key may have of
      those), consent (that has to be there; absent: none), usage (of the key on all days that are kept: what it used by
      voice goes with the voice) }
    ARGV[2] the record as JSON, kept as it is; '' deletes it, and all that have its id as their consent
    ARGV[3] what it replaces; '' for a new one, absent: whatever is there
  Output: 'stored', 'full', 'no_consent', 'changed' (what is there is not what it should replace), or the ids that were
    deleted
]]
--- @include voice-use

local arg = cjson.decode(ARGV[1])

if ARGV[2] == '' then
  local deleted = {}
  local entries = redis.call('HGETALL', KEYS[1])
  for i = 1, #entries, 2 do
    if arg.id == '' or entries[i] == arg.id or cjson.decode(entries[i + 1]).consent == arg.id then
      table.insert(deleted, entries[i])
      redis.call('HDEL', KEYS[1], entries[i])
      for _, usage_key in ipairs(arg.usage) do forget_voice(usage_key, entries[i]) end
    end
  end
  return deleted
end

local found = redis.call('HGET', KEYS[1], arg.id) or ''
if ARGV[3] and found ~= ARGV[3] then return 'changed' end
if arg.consent and redis.call('HEXISTS', KEYS[1], arg.consent) == 0 then return 'no_consent' end
if found == '' then
  local count = 0
  for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
    if id:sub(1, #arg.stem) == arg.stem then count = count + 1 end
  end
  if count >= arg.most then return 'full' end
end
redis.call('HSET', KEYS[1], arg.id, ARGV[2])
return 'stored'
