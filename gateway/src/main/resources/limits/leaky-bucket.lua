-- Takes a place in a queue: see LeakyBucket.java, which has the same arithmetic.
-- KEYS: the queue, whose value is the time at which the next request may leave; missing if it may at once.
-- ARGV: time between two requests (µs), how many may wait.
-- Returns allowed (1 or 0), remaining places, time until the queue is empty, delay of this request or time until there is
-- a place, the time of Redis; in µs.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local longest = interval * tonumber(ARGV[2])

local stored = tonumber(redis.call('GET', KEYS[1]) or now)
local slot = math.max(now, math.min(stored, now + longest + interval))
local delay = slot - now
local allowed = delay <= longest
local after = slot
if allowed then
  after = slot + interval
end
-- A refused request changes nothing, unless the clock was set back.
if allowed or stored > slot then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
if allowed then
  return {1, math.floor((longest - delay) / interval), after - now, delay, now}
end
return {0, 0, delay, delay - longest, now}
