--[[
  Records the state of an extra of a run that is processing, or has completed and is still kept.
    KEYS[1] run    KEYS[2] results of its extras
    ARGV[1] JSON: { extra, state ('processing', 'completed' or 'failed'), warning (JSON, when it failed), code (of
      that warning, which is removed in any other state), hasResult, isAgain (it is to be made although it is there:
      the result that there is stays until then) }
    ARGV[2] its result
  Output: { 'noted', how often it has been asked for } | { 'done' }: its result is there already | { 'gone' }
]]
local arg = cjson.decode(ARGV[1])
local field = 'extra:' .. arg.extra
local run = redis.call('HMGET', KEYS[1], 'status', 'warnings', field, 'asked:' .. arg.extra)
if run[1] ~= 'processing' and run[1] ~= 'completed' then return { 'gone' } end
if run[3] == 'completed' and not arg.isAgain then return { 'done' } end

local asked = tonumber(run[4] or 0)
if arg.state == 'processing' and run[3] ~= 'processing' then
  asked = redis.call('HINCRBY', KEYS[1], 'asked:' .. arg.extra, 1)
end
redis.call('HSET', KEYS[1], field, arg.state)

local warnings = {}
for warning in (run[2] or ''):gmatch('[^\n]+') do
  if cjson.decode(warning).code ~= arg.code then warnings[#warnings + 1] = warning end
end
if arg.warning then warnings[#warnings + 1] = arg.warning end
redis.call('HSET', KEYS[1], 'warnings', table.concat(warnings, '\n'))

if arg.hasResult then redis.call('HSET', KEYS[2], arg.extra, ARGV[2]) end
local ttl = redis.call('PTTL', KEYS[1])
if ttl > 0 then redis.call('PEXPIRE', KEYS[2], ttl) end
return { 'noted', asked }
