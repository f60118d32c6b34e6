-- Claims an idempotency key for a while and sets the order's pieces aside, both or none, or says what is known of the key.
-- KEYS: idempotency record, order, keys by hour, reservation, deadlines, stock of each sku.
-- ARGV: fingerprint, owner, lease ms, order id, hold ms, life ms, command or '' to begin nothing, then sku and quantity of each.
local lease_end = string.format('%.0f', now + ARGV[3])
local record = redis.call('HMGET', KEYS[1], 'fingerprint', 'status', 'body', 'lease', 'command')
local order = redis.call('HMGET', KEYS[2], 'fingerprint', 'placed')
if record[2] then
  return record[1] == ARGV[1] and {'ANSWERED', record[3]} or {'OTHER_REQUEST'}
elseif order[1] then
  -- Whoever began it crashed, or the answer is forgotten. The pieces may be free again: the order does not get others.
  return order[1] == ARGV[1] and {'PLACED', order[2]} or {'OTHER_REQUEST'}
elseif record[1] then
  if record[1] ~= ARGV[1] then
    return {'OTHER_REQUEST'}
  elseif tonumber(record[4]) > now then
    return {'RUNNING', string.format('%.0f', record[4] - now)}
  end
  local short = set_aside(ARGV[4], ARGV[5], 4, 8)
  if short then
    redis.call('DEL', KEYS[1])
    return short
  end
  redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'lease', lease_end)
  return {'RESUMED', record[5]}
elseif ARGV[7] == '' then
  return {'UNKNOWN'}
end
local short = set_aside(ARGV[4], ARGV[5], 4, 8)
if short then
  return short
end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2], 'lease', lease_end, 'command', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('HINCRBY', KEYS[3], math.floor(now / 3600000), 1)
return {'CLAIMED'}
