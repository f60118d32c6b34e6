-- Counts a request in a window: see FixedWindow.java, which has the same arithmetic.
-- KEYS: the window, whose value is its start (µs) and the number of requests in it; missing if there is none.
-- ARGV: length of a window (µs), limit.
-- Returns allowed (1 or 0), remaining requests, time until the window ends, the same if refused, the time of Redis; in µs.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local period = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])

local stored, count = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+):(%d+)$')
stored = tonumber(stored or 0)
count = tonumber(count or 0)
local start = math.min(stored, now)
if now >= stored + period then
  start = now
  count = 0
end
local allowed = count < limit
if allowed then
  count = count + 1
end
local reset = start + period - now
-- A refused request changes nothing, unless the clock was set back.
if allowed or stored > start then
  redis.call('SET', KEYS[1], string.format('%.0f:%d', start, count), 'PX', math.ceil(reset / 1000))
end
if allowed then
  return {1, limit - count, reset, 0, now}
end
return {0, 0, reset, reset, now}
