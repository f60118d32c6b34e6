-- Frees the pieces of an order that never reached the log; whoever calls has read the log to its end.
-- KEYS: order, reservation, deadlines, positions. ARGV: order id, margin ms, then source and end of each partition of orders.
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
  return 'LANDED'
end
local held = redis.call('HGETALL', KEYS[2])
for i = 1, #held, 2 do
  redis.call('INCRBY', 'stock:' .. held[i], held[i + 1])
end
redis.call('DEL', KEYS[2])
return 'RELEASED'
