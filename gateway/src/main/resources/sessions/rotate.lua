-- Exchanges a refresh token's hash for the next one's, if it is the current one, or was until a moment ago.
-- KEYS: the session, the run of Redis whose sessions have been checked against the revocations.
-- ARGV: family hash, secret hash, next secret's hash, the next secret sealed, idle timeout, maximum lifetime, repeat window (ms).
-- Returns 'rotated' and the account id; 'repeated', the account id and the sealed secret that replaced the token;
-- 'unknown' if the session or the family is unknown or expired; 'reused' for an outdated token; 'not-checked'.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('GET', KEYS[2]) ~= run then
  return {'not-checked'}
end
local session = redis.call('HMGET', KEYS[1], 'account', 'family', 'refresh', 'created', 'previous', 'sealed', 'repeat-until')
if not session[1] or session[2] ~= ARGV[1] then
  return {'unknown'}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = session[4] + ARGV[6] - now
if left <= 0 then
  redis.call('DEL', KEYS[1])
  return {'unknown'}
end
if session[3] == ARGV[2] then
  redis.call('HSET', KEYS[1], 'refresh', ARGV[3], 'previous', ARGV[2], 'sealed', ARGV[4],
    'repeat-until', string.format('%.0f', now + ARGV[7]), 'seen', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(tonumber(ARGV[5]), left)))
  return {'rotated', session[1]}
end
if session[5] == ARGV[2] and now < tonumber(session[7]) then
  return {'repeated', session[1], session[6]}
end
return {'reused'}
