-- The events of a run. `feed` is { key of the stream, cap of the stream, channel of its notifications }.
local function append_event(feed, event) redis.call('XADD', feed.key, 'MAXLEN', '~', feed.cap, '*', 'e', event) end

local function notify(feed, message) redis.call('PUBLISH', feed.channel, message) end

local function append_progress(feed, stage, percent)
  append_event(feed, string.format('{"type":"progress","stage":"%s","progress":%d}', stage, math.floor(percent)))
end

-- The percentage never goes back; an event is sent for each whole one.
local function move_to(feed, run_key, stage, before, percent)
  if percent <= before then return end
  redis.call('HSET', run_key, 'progress', string.format('%.2f', percent))
  if math.floor(percent) > math.floor(before) then
    append_progress(feed, stage, percent)
    notify(feed, '')
  end
end
