--[[
  Stores when the words of a piece of a text are heard, and tells it; the first stays.
    KEYS[1] run    KEYS[2] words of its pieces
    ARGV[1] JSON: { index, keepMs (builds that do not know these words leave them behind), feed }
    ARGV[2] words, JSON    ARGV[3] event, JSON
  Output: 'stored'; 'found' if they were there before; 'ended' if the run has ended
]]
--- @include events

local arg = cjson.decode(ARGV[1])
if redis.call('HGET', KEYS[1], 'status') ~= 'processing' then return 'ended' end
if redis.call('HSETNX', KEYS[2], arg.index, ARGV[2]) == 0 then return 'found' end
redis.call('PEXPIRE', KEYS[2], arg.keepMs)
append_event(arg.feed, ARGV[3])
notify(arg.feed, '')
return 'stored'
