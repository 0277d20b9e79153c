--[[
  Gives the webhooks of an API key a new secret. The previous one signs too until its grace period is over; older ones
  do not.
    KEYS[1] API key
    ARGV[1] JSON: { secret (the new one), oldEndsAtMs (end of the previous one's grace period) }
  Output: 'rotated', or 'unknown' if there is no such API key
]]
local arg = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then return 'unknown' end
local old = redis.call('HGET', KEYS[1], 'webhookSecret')
redis.call('HSET', KEYS[1], 'webhookSecret', arg.secret)
if old then redis.call('HSET', KEYS[1], 'oldWebhookSecret', old, 'oldWebhookSecretEndsAtMs', arg.oldEndsAtMs) end
return 'rotated'
