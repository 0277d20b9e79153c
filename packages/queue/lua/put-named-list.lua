--[[
  Writes a named list of an API key: a new one, or the next version of the one that has this name.
    KEYS[1] lists of the key
    ARGV[1] JSON: { name, now, most (lists that a key may have) }
    ARGV[2] its entries as JSON; kept as they are
  Output: { 'created' or 'replaced', version }, or { 'full' }
]]
local arg = cjson.decode(ARGV[1])
local known = redis.call('HGET', KEYS[1], arg.name)
if not known and redis.call('HLEN', KEYS[1]) >= arg.most then return { 'full' } end
-- `VERSION TIME ENTRIES`
local version = known and tonumber(known:match('^(%d+) ')) + 1 or 1
redis.call('HSET', KEYS[1], arg.name, string.format('%d %.0f ', version, arg.now) .. ARGV[2])
return { known and 'replaced' or 'created', version }
