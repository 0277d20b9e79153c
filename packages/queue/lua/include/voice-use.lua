--[[
  What voices have spoken on a day (UTC): three fields for each voice in the hash of the day's usage of an API key, and in
  one of all keys together, where all blends are one voice, and so are all that keys have made of samples. A day has at
  most `most` voices; what is spoken with others is counted as one more.
    use: { all (its key stands for all keys), other (stands for voices beyond `most`), most, ownVoicesStem,
      voices [{ voice, kind ('stock', 'blend', 'own'), characters, audioMs }] }
]]
local function voice_field(figure, voice) return 'voice:' .. figure .. ':' .. voice end

local function add_voice(usage_key, voice, one, use)
  if redis.call('HEXISTS', usage_key, voice_field('jobs', voice)) == 0
    and tonumber(redis.call('HGET', usage_key, 'voices') or 0) >= use.most then
    voice = use.other
  end
  local jobs = redis.call('HINCRBY', usage_key, voice_field('jobs', voice), 1)
  if jobs == 1 and voice ~= use.other then redis.call('HINCRBY', usage_key, 'voices', 1) end
  for _, figure in ipairs({ 'characters', 'audioMs' }) do
    redis.call('HINCRBY', usage_key, voice_field(figure, voice), string.format('%.0f', one[figure]))
  end
end

-- A day that has expired is not created again. A voice that was deleted meanwhile is counted for all keys only.
local function count_voices(use, usage_stem, key, day)
  local own, all = usage_stem .. key .. ':' .. day, usage_stem .. use.all .. ':' .. day
  local keep_ms = redis.call('PTTL', own)
  if keep_ms <= 0 then return end
  for _, one in ipairs(use.voices) do
    if one.kind ~= 'own' or redis.call('HEXISTS', use.ownVoicesStem .. key, one.voice) == 1 then
      add_voice(own, one.voice, one, use)
    end
    add_voice(all, one.kind == 'stock' and one.voice or one.kind, one, use)
  end
  redis.call('PEXPIRE', all, keep_ms)
end

-- Of a key's own voice, which is deleted. Of all keys together nobody can tell it.
local function forget_voice(usage_key, voice)
  if redis.call('HDEL', usage_key, voice_field('jobs', voice)) == 1 then redis.call('HINCRBY', usage_key, 'voices', -1) end
  redis.call('HDEL', usage_key, voice_field('characters', voice), voice_field('audioMs', voice))
end
