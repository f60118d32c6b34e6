-- Applies a stock adjustment, each one once; what was set aside for it is in its delta.
-- KEYS: positions, stock, adjustments, reservation, deadlines. ARGV: source, before, offset, event id, delta.
local held = redis.call('HVALS', KEYS[4])
if held[1] then
  redis.call('INCRBY', KEYS[2], held[1])
  redis.call('DEL', KEYS[4])
  redis.call('ZREM', KEYS[5], ARGV[4])
end
if redis.call('HSETNX', KEYS[3], ARGV[4], ARGV[5]) == 1 then
  redis.call('INCRBY', KEYS[2], ARGV[5])
end
return applied()
