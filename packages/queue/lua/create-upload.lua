--[[
  Begins a resumable upload, unless its API key has too many open ones, or holds too much already.
    KEYS[1] record of the API key
    ARGV[1] JSON: { upload (see include/uploads.lua), fields (of its record, flat), now }
  Output: { 'created' } | { 'too_many', open uploads, limit } | { 'key_disk', bytes held, limit }
]]
--- @include backlog
--- @include held
--- @include uploads

local arg = cjson.decode(ARGV[1])
return create_upload(arg.upload, KEYS[1], arg.fields, arg.now) or { 'created' }
