-- Releases the pieces of an order that never reached the log. The caller has read the log to its end before.
-- KEYS: order, reservation, deadlines, positions.
-- ARGV: order id, margin ms, then partition and end offset of each partition of the log.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deadline = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not deadline or tonumber(deadline) + ARGV[2] > now then
  return 'RENEWED'
end
for i = 3, #ARGV, 2 do
  if tonumber(redis.call('HGET', KEYS[4], ARGV[i]) or '0') < tonumber(ARGV[i + 1]) then
    return 'BEHIND'
  end
end
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 'IN_LOG'
end
local reserved = redis.call('HGETALL', KEYS[2])
for i = 1, #reserved, 2 do
  redis.call('INCRBY', STOCK .. reserved[i], reserved[i + 1])
end
redis.call('DEL', KEYS[2])
return 'RELEASED'
