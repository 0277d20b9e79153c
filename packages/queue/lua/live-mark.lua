--[[
  Notes what a client says behind the audio that it has sent.
    KEYS[1] the session    KEYS[2] its audio
    ARGV[1] JSON: { mark, holder, now, retentionMs }
  Output: { 'marked' } | { 'crowded' }: there are too many marks at this place | { 'gone' }: over, or takes no more audio
          | { 'taken' }: another connection has it now
]]
local MOST = 999

local arg = cjson.decode(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'received', 'closedBy', 'marks', 'holder')
if not session[1] or session[2] then return { 'gone' } end
if session[4] ~= arg.holder then return { 'taken' } end
local marks = tonumber(session[3] or 0)
if marks >= MOST then return { 'crowded' } end
redis.call('XADD', KEYS[2], string.format('%.0f-%d', tonumber(session[1]) + 1, marks), 'm', arg.mark)
redis.call('HSET', KEYS[1], 'marks', marks + 1, 'seenAtMs', string.format('%.0f', arg.now))
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], arg.retentionMs) end
return { 'marked' }
