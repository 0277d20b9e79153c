--[[
  Gives the webhooks of a key a new secret. The one before signs too until its grace is over, those before that no more.
    KEYS[1] key
    ARGV[1] JSON: { secret (the new one), oldEndsAtMs (end of the old one's grace) }
  Output: 'rotated', or 'unknown' if there is no such key
]]
local arg = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then return 'unknown' end
local old = redis.call('HGET', KEYS[1], 'webhookSecret')
redis.call('HSET', KEYS[1], 'webhookSecret', arg.secret)
if old then redis.call('HSET', KEYS[1], 'oldWebhookSecret', old, 'oldWebhookSecretEndsAtMs', arg.oldEndsAtMs) end
return 'rotated'
