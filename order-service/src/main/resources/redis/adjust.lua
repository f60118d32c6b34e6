-- Applies a stock adjustment, each one once. KEYS: positions, stock, adjustments. ARGV: source, offset, event id, delta.
if tonumber(ARGV[2]) < tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then
  return 'SEEN'
end
if redis.call('SADD', KEYS[3], ARGV[3]) == 1 then
  redis.call('INCRBY', KEYS[2], ARGV[4])
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ARGV[2] + 1))
return 'APPLIED'
