-- Sets pieces aside for an order, all or none; asked again it only renews the deadline.
-- KEYS: reservation, deadlines, stock of each sku. ARGV: order id, hold ms, then sku and quantity of each.
local time = redis.call('TIME')
local deadline = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('ZADD', KEYS[2], 'XX', deadline, ARGV[1])
  return {'RESERVED'}
end
local items = (#ARGV - 2) / 2
for i = 1, items do
  local left = tonumber(redis.call('GET', KEYS[2 + i]) or '0')
  if left < tonumber(ARGV[2 + 2 * i]) then
    return {'SHORT', ARGV[1 + 2 * i], string.format('%.0f', math.max(left, 0))}
  end
end
for i = 1, items do
  redis.call('DECRBY', KEYS[2 + i], ARGV[2 + 2 * i])
  redis.call('HSET', KEYS[1], ARGV[1 + 2 * i], ARGV[2 + 2 * i])
end
redis.call('ZADD', KEYS[2], deadline, ARGV[1])
return {'RESERVED'}
