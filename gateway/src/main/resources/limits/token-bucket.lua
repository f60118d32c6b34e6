-- Takes a token from a bucket: see TokenBucket.java, which has the same arithmetic.
-- KEYS: the bucket, whose value is the time at which it will be full; missing if it is full.
-- ARGV: time between two tokens (µs), size of the bucket.
-- Returns allowed (1 or 0), remaining tokens, time until it is full, time until a token is there, the time of Redis; in µs.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local capacity = interval * tonumber(ARGV[2])

local stored = tonumber(redis.call('GET', KEYS[1]) or now)
local full = math.max(now, math.min(stored, now + capacity))
local after = full + interval
local allowed = after - now <= capacity
if not allowed then
  after = full
end
-- A refused request changes nothing, unless the clock was set back.
if allowed or stored > full then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
if allowed then
  return {1, math.floor((capacity - (after - now)) / interval), after - now, 0, now}
end
return {0, 0, full - now, full + interval - now - capacity, now}
