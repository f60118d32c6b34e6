-- Exchanges a refresh token's hash for the next one's, if it is the current one.
-- KEYS: the session.  ARGV: family hash, secret hash, next secret's hash, life in ms.
-- Returns the account id; 'unknown' if the session or the family is unknown; 'reused' for an outdated token.
local session = redis.call('HMGET', KEYS[1], 'account', 'family', 'refresh')
if not session[1] or session[2] ~= ARGV[1] then
  return 'unknown'
end
if session[3] ~= ARGV[2] then
  return 'reused'
end
redis.call('HSET', KEYS[1], 'refresh', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return session[1]
