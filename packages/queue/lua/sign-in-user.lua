--[[
  Finds the user whom an identity provider has named, or makes one with what the user may do.
    KEYS[1] id of the user, by issuer and subject    KEYS[2] all users    KEYS[3] all API keys
    ARGV[1] JSON: { id (of a new user), now, userStem, keyStem, role ('user', 'operator', or 'first': the first user is an
      operator and nobody's role changes), user, key (fields of new records), told (fields that the provider tells each time),
      userScopes, operatorScopes }
  Output: id of the user
]]
local arg = cjson.decode(ARGV[1])
local function write(name, fields)
  for field, text in pairs(fields) do redis.call('HSET', name, field, text) end
end
local id = redis.call('GET', KEYS[1])
if not id then
  id = arg.id
  local isOperator = arg.role == 'operator' or (arg.role == 'first' and redis.call('ZCARD', KEYS[2]) == 0)
  write(arg.userStem .. id, arg.user)
  write(arg.keyStem .. id, arg.key)
  redis.call('HSET', arg.keyStem .. id, 'scopes', isOperator and arg.operatorScopes or arg.userScopes)
  redis.call('SET', KEYS[1], id)
  redis.call('ZADD', KEYS[2], arg.now, id)
  redis.call('ZADD', KEYS[3], arg.now, id)
elseif arg.role ~= 'first' then
  local scopes = redis.call('HGET', arg.keyStem .. id, 'scopes') or ''
  local isOperator = string.find(',' .. scopes .. ',', ',admin,', 1, true) ~= nil
  -- An operator may have changed the other scopes: they stay while the role does.
  if isOperator and arg.role == 'user' then redis.call('HSET', arg.keyStem .. id, 'scopes', arg.userScopes) end
  if not isOperator and arg.role == 'operator' then redis.call('HSET', arg.keyStem .. id, 'scopes', arg.operatorScopes) end
end
write(arg.userStem .. id, arg.told)
return id
