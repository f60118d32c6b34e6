-- Begins an epoch, which opens Redis for writes, if Redis holds all of the log. KEYS: epoch, positions, writers.
-- ARGV: the new epoch, the stale one or '', then partition and end offset of each partition.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then
  return 'CHANGED'
end
for i = 3, #ARGV, 2 do
  if tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or '0') < tonumber(ARGV[i + 1]) then
    return 'BEHIND'
  end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[3])
return 'OPEN'
