-- Registers an instance that may have commands in flight to the log, if Redis still has the epoch that the instance is to use.
-- KEYS: writers, epoch. ARGV: instance, epoch.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then
  return 'CHANGED'
end
redis.call('SADD', KEYS[1], ARGV[1])
return 'REGISTERED'
