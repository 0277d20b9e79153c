--[[
  Appends audio to a live session, exactly behind what there is: of what is sent twice, only what is new is taken. Ids of
  entries are the number of their first sample, plus one; marks at the same place come before them.
    KEYS[1] the session    KEYS[2] its audio
    ARGV[1] JSON: { at (number of the first sample), now, retentionMs, holder, sampleBytes, maxWaiting (samples that may
      wait to be heard), maxKept (that may wait to be stored as well) }
    ARGV[2] the samples
  Output: { 'appended', samples received } | { 'gap', samples received }: something is missing before it
          | { 'full', samples received }: too much waits to be heard, or stored | { 'gone' }: over, or takes no more audio
          | { 'taken' }: another connection has it now
]]
local arg = cjson.decode(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'received', 'closedBy', 'heard', 'holder', 'keptFrom')
if not session[1] or session[2] then return { 'gone' } end
if session[4] ~= arg.holder then return { 'taken' } end
local received = tonumber(session[1])
redis.call('HSET', KEYS[1], 'seenAtMs', string.format('%.0f', arg.now))
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], arg.retentionMs) end
if arg.at > received then return { 'gap', received } end
local samples = string.sub(ARGV[2], arg.sampleBytes * (received - arg.at) + 1)
if #samples == 0 then return { 'appended', received } end
local heard = tonumber(session[3] or 0)
if received - heard > arg.maxWaiting or received - tonumber(session[5] or heard) > arg.maxKept then
  return { 'full', received }
end
redis.call('XADD', KEYS[2], string.format('%.0f-1000', received + 1), 'a', samples)
redis.call('PEXPIRE', KEYS[2], arg.retentionMs)
received = received + #samples / arg.sampleBytes
redis.call('HSET', KEYS[1], 'received', string.format('%.0f', received), 'marks', 0)
return { 'appended', received }
