-- For each of many requests: claims its idempotency key for a while and sets its order's pieces aside, both or none, or says what
-- is known of the key. One that fails, because what Redis has for it is not what it should be, fails alone.
-- KEYS: keys by hour, deadlines, then of each: idempotency record, order, reservation, stock of each sku.
-- ARGV: lease ms, hold ms, life ms, then of each: fingerprint, owner, order id, command or '' to begin nothing, and a list of sku
--   and quantity of each.
local by_hour, deadlines = key(), key()
local lease, hold, life = argument(), argument(), argument()
local lease_end = string.format('%.0f', now + lease)
local begun = 0

local function claim(record_key, order_key, reservation, stock, fingerprint, owner, id, command, pieces)
  local record, order, already = {}, {}, false
  if redis.call('EXISTS', record_key, order_key, reservation) > 0 then
    record = redis.call('HMGET', record_key, 'fingerprint', 'status', 'body', 'lease', 'command')
    order = redis.call('HMGET', order_key, 'fingerprint', 'placed')
    already = redis.call('EXISTS', reservation) == 1
  end
  if record[2] then
    return record[1] == fingerprint and {'ANSWERED', record[3]} or {'OTHER_REQUEST'}
  elseif order[1] then
    -- Whoever began it crashed, or the answer is forgotten. The pieces may be free again: the order does not get others.
    return order[1] == fingerprint and {'PLACED', order[2]} or {'OTHER_REQUEST'}
  elseif record[1] then
    if record[1] ~= fingerprint then
      return {'OTHER_REQUEST'}
    elseif tonumber(record[4]) > now then
      return {'RUNNING', string.format('%.0f', record[4] - now)}
    end
    local short = set_aside(already, id, hold, reservation, deadlines, stock, pieces)
    if short then
      redis.call('DEL', record_key)
      return short
    end
    redis.call('HSET', record_key, 'owner', owner, 'lease', lease_end)
    return {'RESUMED', record[5]}
  elseif command == '' then
    return {'UNKNOWN'}
  end
  local short = set_aside(already, id, hold, reservation, deadlines, stock, pieces)
  if short then
    return short
  end
  redis.call('HSET', record_key, 'fingerprint', fingerprint, 'owner', owner, 'lease', lease_end, 'command', command)
  redis.call('PEXPIRE', record_key, life)
  begun = begun + 1
  return {'CLAIMED'}
end

local answers = {}
while arguments_read < #ARGV do
  local record_key, order_key, reservation = key(), key(), key()
  local fingerprint, owner, id, command, pieces = argument(), argument(), argument(), argument(), list()
  local stock = keys(#pieces / 2)
  local done, answer =
    pcall(claim, record_key, order_key, reservation, stock, fingerprint, owner, id, command, pieces)
  answers[#answers + 1] = done and answer or {'FAILED', tostring(answer)}
end
write_lists()
if begun > 0 then
  redis.call('HINCRBY', by_hour, math.floor(now / 3600000), begun)
end
return answers
