-- Applies event 1 of an order: it is in the log, so its pieces stay set aside.
-- KEYS: positions, order, customer's orders, the same of status PLACED, reservation, deadlines, stock of each sku.
-- ARGV: source, offset, order id, customer id, created ms, fingerprint, placed data, then sku and quantity of each.
if tonumber(ARGV[2]) < tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then
  return 'SEEN'
end
if tonumber(redis.call('HGET', KEYS[2], 'version') or '0') == 0 then
  redis.call('HSET', KEYS[2], 'version', '1', 'status', 'PLACED', 'customer', ARGV[4], 'created', ARGV[5],
    'fingerprint', ARGV[6], 'placed', ARGV[7])
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
  redis.call('ZADD', KEYS[4], ARGV[5], ARGV[3])
  if redis.call('EXISTS', KEYS[5]) == 0 then
    for i = 1, (#ARGV - 7) / 2 do
      redis.call('DECRBY', KEYS[6 + i], ARGV[7 + 2 * i])
      redis.call('HSET', KEYS[5], ARGV[6 + 2 * i], ARGV[7 + 2 * i])
    end
  end
  redis.call('ZREM', KEYS[6], ARGV[3])
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ARGV[2] + 1))
return 'APPLIED'
