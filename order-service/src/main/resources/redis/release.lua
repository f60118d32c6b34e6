-- Forgets a claim that came to nothing, so that a corrected request can use the key.
-- KEYS: idempotency record. ARGV: owner.
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
