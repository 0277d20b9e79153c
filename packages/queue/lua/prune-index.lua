--[[
  Removes members of an index whose request has expired, of a part of the index.
    KEYS[1] index of requests, see indexMember in src/redis/ids.ts
    ARGV[1] JSON: { after (the member after which the part begins; absent: at the oldest), limit (members of the part),
      requestStem }
  Output: { how many were removed, the last member of the part, or '' at the end of the index }
]]
local arg = cjson.decode(ARGV[1])
local from = arg.after and '(' .. arg.after or '-'
local members = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, arg.limit)
local removed = 0
for _, member in ipairs(members) do
  local request_id = member:sub(member:find(':', 1, true) + 1)
  if redis.call('EXISTS', arg.requestStem .. request_id) == 0 then
    removed = removed + redis.call('ZREM', KEYS[1], member)
  end
end
return { removed, #members == arg.limit and members[#members] or '' }
