--[[
  Takes the next turn of an API key in a lane, for new jobs of one of its runs.
    KEYS[1] waiting jobs of the queue
    KEYS[2] next turn of each key in this lane    KEYS[3] unfinished runs of the key    KEYS[4] the key's record
    ARGV[1] priorities before this lane    ARGV[2] priorities in this lane    ARGV[3] field of the key
    ARGV[4] life of idle turns, ms
  Output: { turn, weight } as text, and the key's number of unfinished runs
]]
--- @include turns

local turn, weight = take_turn(KEYS[1], KEYS[2], KEYS[4], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4])
return { turn, weight, redis.call('ZCARD', KEYS[3]) }
