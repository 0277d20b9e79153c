--[[
  Emits the end of a request or batch once more, for its webhook.
    KEYS[1] request or batch
    ARGV[1] JSON: { event ('job_ended' or 'batch_ended'), id, now, outbox }
  Output: { 'replayed', number of the delivery }, or { 'none' } when it has no webhook, or is gone
]]
--- @include outbox

local arg = cjson.decode(ARGV[1])
if not redis.call('HGET', KEYS[1], 'webhook') then return { 'none' } end
local delivery = redis.call('HINCRBY', KEYS[1], 'webhookReplays', 1) + 1
emit(arg.outbox, { 'webhooks' }, arg.now, table.concat({ arg.event, arg.id, delivery }, ':'))
return { 'replayed', delivery }
