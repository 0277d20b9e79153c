--[[
  Other options for a live session, or a sign that its client is there.
    KEYS[1] the session
    ARGV[1] JSON: { now, holder, options (JSON; absent: as before) }
  Output: { 'changed' } | { 'gone' }: over, or takes no more audio | { 'taken' }: another connection has it now
]]
local arg = cjson.decode(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'received', 'closedBy', 'holder')
if not session[1] or session[2] then return { 'gone' } end
if session[3] ~= arg.holder then return { 'taken' } end
redis.call('HSET', KEYS[1], 'seenAtMs', string.format('%.0f', arg.now))
if arg.options then
  redis.call('HSET', KEYS[1], 'options', arg.options)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
end
return { 'changed' }
