-- Applies event n+1 of an order, only on n. A failed payment frees the pieces.
-- KEYS: positions, order, reservation. ARGV: source, offset, order id, sequence, status, reason or '', holds stock.
if tonumber(ARGV[2]) < tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then
  return 'SEEN'
end
local order = redis.call('HMGET', KEYS[2], 'version', 'status', 'customer', 'created')
local version = tonumber(order[1] or '0')
if tonumber(ARGV[4]) > version + 1 then
  return 'GAP'
end
if tonumber(ARGV[4]) == version + 1 then
  redis.call('HSET', KEYS[2], 'version', ARGV[4], 'status', ARGV[5])
  if ARGV[6] ~= '' then
    redis.call('HSET', KEYS[2], 'reason', ARGV[6])
  end
  redis.call('ZREM', 'orders:' .. order[3] .. ':' .. order[2], ARGV[3])
  redis.call('ZADD', 'orders:' .. order[3] .. ':' .. ARGV[5], order[4], ARGV[3])
  if ARGV[7] == 'false' then
    local held = redis.call('HGETALL', KEYS[3])
    for i = 1, #held, 2 do
      redis.call('INCRBY', 'stock:' .. held[i], held[i + 1])
    end
    redis.call('DEL', KEYS[3])
  end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ARGV[2] + 1))
return 'APPLIED'
