-- Applies event n+1 of an order, only on n.
-- KEYS: positions, order, timeline, reservation, unsettled.
-- ARGV: source, before, offset, order id, sequence, status or '', settled, timeline entry,
--   what happens to its pieces (keep, release, consume), then fields of the order and their values.
local order = redis.call('HMGET', KEYS[2], 'version', 'status', 'customer', 'created')
local version = tonumber(order[1] or '0')
if tonumber(ARGV[5]) > version + 1 then
  return 'GAP'
elseif tonumber(ARGV[5]) <= version then
  return applied()
end
redis.call('HSET', KEYS[2], 'version', ARGV[5], unpack(ARGV, 10))
redis.call('RPUSH', KEYS[3], ARGV[8])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], 'status', ARGV[6])
  redis.call('ZREM', 'orders:' .. order[3] .. ':' .. order[2], ARGV[4])
  redis.call('ZREM', 'all-orders:' .. order[2], ARGV[4])
  redis.call('ZADD', 'orders:' .. order[3] .. ':' .. ARGV[6], order[4], ARGV[4])
  redis.call('ZADD', 'all-orders:' .. ARGV[6], order[4], ARGV[4])
  if ARGV[7] == 'true' then
    redis.call('ZREM', KEYS[5], ARGV[4])
  else
    redis.call('ZADD', KEYS[5], order[4], ARGV[4])
  end
end
if ARGV[9] == 'release' then
  local held = redis.call('HGETALL', KEYS[4])
  for i = 1, #held, 2 do
    redis.call('INCRBY', 'stock:' .. held[i], held[i + 1])
  end
end
if ARGV[9] ~= 'keep' then
  redis.call('DEL', KEYS[4])
end
return applied()
