--[[
  Takes from what all workers together may use of something in a period, or gives back (a negative amount).
    KEYS[1] counter of the period: what has been taken
    ARGV[1] JSON: { amount, limit (absent: none), expiresAtMs }
  Output: { 'taken' or 'spent', what has been taken now }
]]
local arg = cjson.decode(ARGV[1])
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
if arg.amount > 0 and arg.limit and used + arg.amount > arg.limit then return { 'spent', used } end
-- A period that is over is not counted again.
if arg.amount < 0 and used == 0 then return { 'taken', 0 } end
used = math.max(0, used + arg.amount)
redis.call('SET', KEYS[1], string.format('%.0f', used))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', arg.expiresAtMs))
return { 'taken', used }
