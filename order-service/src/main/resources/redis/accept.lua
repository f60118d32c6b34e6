-- Shows an acknowledged order at once, and keeps the answer under its key.
-- KEYS: order, customer's orders, customer's orders of status PLACED, idempotency record.
-- ARGV: order id, customer id, created ms, fingerprint, placed data, http status, body, life ms.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'version', '0', 'status', 'PLACED', 'customer', ARGV[2], 'created', ARGV[3],
    'fingerprint', ARGV[4], 'placed', ARGV[5])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
end
redis.call('DEL', KEYS[4])
redis.call('HSET', KEYS[4], 'fingerprint', ARGV[4], 'status', ARGV[6], 'body', ARGV[7])
redis.call('PEXPIRE', KEYS[4], ARGV[8])
return 1
