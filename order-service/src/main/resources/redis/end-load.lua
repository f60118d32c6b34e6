-- Ends a load: the projector may apply the log from the positions on. KEYS: loader, boundary, evicted, positions.
-- ARGV: id of the load, boundary, then partition and position of each partition of the log.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'LOST'
end
-- Of a partition without records nothing can be missing.
for i = 3, #ARGV, 2 do
  if tonumber(ARGV[i + 1]) > 0 then
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
    redis.call('SET', KEYS[2], ARGV[2])
  end
end
redis.call('HSET', KEYS[4], unpack(ARGV, 3))
redis.call('DEL', KEYS[1])
return 'LOADED'
