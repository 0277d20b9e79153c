--[[
  Unfinished runs with what an estimate needs, those with the least left to do first.
    KEYS[1] backlog: run id -> cost still to be done
    ARGV[1] JSON: { runStem, keyRecordStem, limit }
  Output: for each, in one flat list: run id, cost still to be done, lane, key id or '', weight of the key
]]
local arg = cjson.decode(ARGV[1])
local entries = redis.call('ZRANGE', KEYS[1], 0, arg.limit - 1, 'WITHSCORES')
local flat, weights = {}, {}
for i = 1, #entries, 2 do
  local run = redis.call('HMGET', arg.runStem .. entries[i], 'lane', 'keyId')
  local key = run[2] or ''
  if not weights[key] then
    weights[key] = key ~= '' and redis.call('HGET', arg.keyRecordStem .. key, 'weight') or '1'
  end
  for _, value in ipairs({ entries[i], entries[i + 1], run[1] or 'batch', key, weights[key] }) do
    flat[#flat + 1] = value
  end
end
return flat
