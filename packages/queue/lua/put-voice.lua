--[[
  Stores a voice of an API key, unless the key has one of this name.
    KEYS[1] voices of the key
    ARGV[1] JSON: { id, folded (its name, as names are compared), most (voices that a key may have) }
    ARGV[2] the voice as JSON, kept as it is; it has `folded`, too
  Output: 'created', 'exists' or 'full'
]]
local arg = cjson.decode(ARGV[1])
local known = redis.call('HVALS', KEYS[1])
for _, voice in ipairs(known) do
  if cjson.decode(voice).folded == arg.folded then return 'exists' end
end
if #known >= arg.most then return 'full' end
redis.call('HSET', KEYS[1], arg.id, ARGV[2])
return 'created'
