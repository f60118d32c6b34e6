-- Ends the lease of a claim whose result is unknown, so that the same request may resume at once.
-- KEYS: idempotency record. ARGV: owner.
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'lease', '0')
  return 1
end
return 0
