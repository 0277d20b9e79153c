--[[
  Stores the checkpoint of a child (a window of a recording, a piece of a text); the first one stays. Events are
  published in the order of the children: those of one wait until all before it are done.
    KEYS[1] run    KEYS[2] checkpoints    KEYS[3] waiting events    KEYS[4] fractions
    ARGV[1] JSON: { runId, index, total and done (fields of the run: how many children it has, and how many are
      done), sums (field of the run -> what is added to it), stage { name, from, to }, backlogs { all, keyStem,
      suffix }, feed }
    ARGV[2] checkpoint, JSON    ARGV[3] its events, JSON lines
  Output: 'stored'; 'found' if there was a result before; 'ended' if the run has ended
]]
--- @include backlog
--- @include events

local arg = cjson.decode(ARGV[1])
local run = redis.call('HMGET', KEYS[1], 'status', arg.total, 'frontier', 'progress', 'keyId')
if run[1] ~= 'processing' then return 'ended' end
if redis.call('HSETNX', KEYS[2], arg.index, ARGV[2]) == 0 then return 'found' end
local fraction = tonumber(redis.call('HGET', KEYS[4], arg.index) or 0)
redis.call('HDEL', KEYS[4], arg.index)
local begun = tonumber(redis.call('HINCRBYFLOAT', KEYS[1], 'begun', -fraction))
redis.call('HSET', KEYS[3], arg.index, ARGV[3])

local frontier = tonumber(run[3])
local events = redis.call('HGET', KEYS[3], frontier)
while events do
  for event in events:gmatch('[^\n]+') do append_event(arg.feed, event) end
  redis.call('HDEL', KEYS[3], frontier)
  frontier = frontier + 1
  events = redis.call('HGET', KEYS[3], frontier)
end
redis.call('HSET', KEYS[1], 'frontier', frontier)

for field, amount in pairs(arg.sums) do redis.call('HINCRBY', KEYS[1], field, amount) end
local done = redis.call('HINCRBY', KEYS[1], arg.done, 1)
local children = math.max(1, tonumber(run[2]) or 1)
local to_come = math.max(0, children - done)
local to_go = tonumber(redis.call('ZSCORE', arg.backlogs.all, arg.runId) or 0) * to_come / (to_come + 1)
local key = (run[5] or '') == '' and '-' or run[5]
set_cost(arg.backlogs.all, arg.runId, to_go)
set_cost(arg.backlogs.keyStem .. key .. arg.backlogs.suffix, arg.runId, to_go)

local stage = arg.stage
local share = (done + math.max(0, begun)) / children
local percent = math.min(stage.to, stage.from + (stage.to - stage.from) * share)
move_to(arg.feed, KEYS[1], stage.name, tonumber(run[4]), percent)
notify(arg.feed, '')
return 'stored'
