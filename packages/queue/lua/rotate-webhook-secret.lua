--[[
  Gives the webhooks of a key a new secret. The one before signs too until its grace is over, those before that no more.
    KEYS[1] key
    ARGV[1] the new secret    ARGV[2] end of the old one's grace, ms
  Output: 1 if rotated, 0 if there is no such key
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local old = redis.call('HGET', KEYS[1], 'webhookSecret')
redis.call('HSET', KEYS[1], 'webhookSecret', ARGV[1])
if old then redis.call('HSET', KEYS[1], 'oldWebhookSecret', old, 'oldWebhookSecretEndsAtMs', ARGV[2]) end
return 1
