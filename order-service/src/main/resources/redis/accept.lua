-- Shows an acknowledged order at once, and keeps the answer under its key.
-- KEYS: order, customer's orders, customer's of status PLACED, all orders, all of status PLACED, unsettled, idempotency record.
-- ARGV: order id, customer id, created ms, fingerprint, placed data, http status, body, forget-at ms.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'version', '0', 'status', 'PLACED', 'customer', ARGV[2], 'created', ARGV[3],
    'fingerprint', ARGV[4], 'placed', ARGV[5])
  for i = 2, 6 do
    redis.call('ZADD', KEYS[i], ARGV[3], ARGV[1])
  end
end
redis.call('DEL', KEYS[7])
redis.call('HSET', KEYS[7], 'fingerprint', ARGV[4], 'status', ARGV[6], 'body', ARGV[7])
redis.call('PEXPIREAT', KEYS[7], ARGV[8])
return 1
