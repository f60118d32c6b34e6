-- Creates a session with its expiry time.
-- KEYS: the session.  ARGV: account id, created (ms), family hash, secret hash, life in ms.
redis.call('HSET', KEYS[1], 'account', ARGV[1], 'created', ARGV[2], 'family', ARGV[3], 'refresh', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 'OK'
