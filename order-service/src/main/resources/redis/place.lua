-- Applies event 1 of an order: it is in the log, so its pieces stay set aside.
-- KEYS: positions, order, timeline, customer's orders, customer's of status PLACED, all orders, all of status PLACED,
--   unsettled, idempotency record, reservation, deadlines, keys by hour, stock of each sku.
-- ARGV: source, before, offset, order id, customer id, created ms, fingerprint, placed data, timeline entry,
--   body or '', forget-at ms, then sku and quantity of each.
local shown = redis.call('HMGET', KEYS[2], 'version', 'created')
if tonumber(shown[1] or '0') == 0 then
  redis.call('HSET', KEYS[2], 'version', '1', 'status', 'PLACED', 'customer', ARGV[5], 'created', ARGV[6],
    'fingerprint', ARGV[7], 'placed', ARGV[8])
  redis.call('RPUSH', KEYS[3], ARGV[9])
  -- Whoever accepted it has listed it, unless another wish under the same key was faster.
  if shown[2] ~= ARGV[6] then
    for i = 4, 8 do
      redis.call('ZADD', KEYS[i], ARGV[6], ARGV[4])
    end
  end
  if ARGV[10] ~= '' and redis.call('HEXISTS', KEYS[9], 'status') == 0 then
    if redis.call('DEL', KEYS[9]) == 0 then
      redis.call('HINCRBY', KEYS[12], math.floor(ARGV[6] / 3600000), 1)
    end
    redis.call('HSET', KEYS[9], 'fingerprint', ARGV[7], 'status', '201', 'body', ARGV[10])
    redis.call('PEXPIREAT', KEYS[9], ARGV[11])
  end
  if redis.call('EXISTS', KEYS[10]) == 0 then
    for i = 1, (#ARGV - 11) / 2 do
      redis.call('DECRBY', KEYS[12 + i], ARGV[11 + 2 * i])
      redis.call('HSET', KEYS[10], ARGV[10 + 2 * i], ARGV[11 + 2 * i])
    end
  end
  redis.call('ZREM', KEYS[11], ARGV[4])
end
return applied()
