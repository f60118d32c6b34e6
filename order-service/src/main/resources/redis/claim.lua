-- Claims an idempotency key for a while, or says what is known of it.
-- KEYS: idempotency record, order, keys by hour. ARGV: fingerprint, owner, lease ms, and to begin: life ms, command.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease_end = string.format('%.0f', now + ARGV[3])
local record = redis.call('HMGET', KEYS[1], 'fingerprint', 'status', 'body', 'lease', 'command')
if record[1] then
  if record[1] ~= ARGV[1] then
    return {'OTHER_REQUEST'}
  elseif record[2] then
    return {'ANSWERED', record[3]}
  elseif tonumber(record[4]) > now then
    return {'RUNNING', string.format('%.0f', record[4] - now)}
  end
  redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'lease', lease_end)
  return {'RESUMED', record[5]}
end
local order = redis.call('HMGET', KEYS[2], 'fingerprint', 'placed')
if order[1] then
  if order[1] ~= ARGV[1] then
    return {'OTHER_REQUEST'}
  end
  return {'PLACED', order[2]}
end
if not ARGV[5] then
  return {'UNKNOWN'}
end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2], 'lease', lease_end, 'command', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HINCRBY', KEYS[3], math.floor(now / 3600000), 1)
return {'CLAIMED'}
