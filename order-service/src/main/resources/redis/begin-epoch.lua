-- Begins an epoch, which opens Redis for writes, if Redis holds all of the log, and has not been emptied, opened or restarted since the
-- caller found this mark. KEYS: epoch, positions, writers, opening.
-- ARGV: the new epoch, the mark, then partition and end offset of each partition.
if redis.call('GET', KEYS[4]) ~= ARGV[2] then
  return 'CHANGED'
end
for i = 3, #ARGV, 2 do
  if tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or '0') < tonumber(ARGV[i + 1]) then
    return 'BEHIND'
  end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[3], KEYS[4])
return 'OPEN'
