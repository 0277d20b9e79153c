--[[
  Writes, and reads how full the memory of Redis is, of the very server that holds the queue.
    KEYS[1] a key for this purpose
    ARGV[1] JSON: { ttlMs }
  Output: { 'written', or 'full' when there is no memory for it, INFO's section about memory }; any other reason not to
          write is an error
]]
local arg = cjson.decode(ARGV[1])
local written = redis.pcall('SET', KEYS[1], '1', 'PX', arg.ttlMs)
if written.err and not written.err:find('OOM', 1, true) then return written end
return { written.err and 'full' or 'written', redis.call('INFO', 'memory') }
