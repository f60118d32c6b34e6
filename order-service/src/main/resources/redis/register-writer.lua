-- Registers an instance that may have commands in flight to the log. KEYS: writers. ARGV: instance.
return redis.call('SADD', KEYS[1], ARGV[1])
