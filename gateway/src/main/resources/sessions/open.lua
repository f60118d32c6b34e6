-- Creates a session with its expiry time and adds it to the sessions of its account.
-- KEYS: the session, the list of the account's sessions.
-- ARGV: session id, account id, created (ms), device, family hash, secret hash, idle timeout (ms).
redis.call('HSET', KEYS[1], 'account', ARGV[2], 'created', ARGV[3], 'seen', ARGV[3], 'device', ARGV[4],
  'family', ARGV[5], 'refresh', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[7])
return 'OK'
