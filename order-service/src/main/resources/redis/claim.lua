-- For each of many requests: claims its idempotency key for the time of the lease and reserves its order's pieces, both or none, or
-- returns what is stored under the key. A request that fails, because its data in Redis is malformed, does not affect the others.
-- What may belong to an order that has left Redis comes with 1 if any has, else 0.
-- KEYS: keys by hour, deadlines, evicted, then of each: idempotency record, order, reservation, stock of each sku.
-- ARGV: lease ms, hold ms, TTL of the record in ms, then of each: fingerprint, owner, order id, command or '' for a lookup only,
--   and a list of sku and quantity of each.
local by_hour, deadlines = key(), key()
local any_left = redis.call('EXISTS', key())
local lease, hold, ttl = argument(), argument(), argument()
local lease_end = string.format('%.0f', now + lease)
local begun = 0

local function claim(record_key, order_key, reservation, stock, fingerprint, owner, id, command, pieces)
  local record, order, reserved = {}, {}, false
  if redis.call('EXISTS', record_key, order_key, reservation) > 0 then
    record = redis.call('HMGET', record_key, 'fingerprint', 'status', 'body', 'lease', 'command')
    order = redis.call('HMGET', order_key, 'fingerprint', 'placed', 'withheld')
    reserved = redis.call('EXISTS', reservation) == 1
  end
  local record_fingerprint, status, body, record_lease, record_command = unpack(record)
  local order_fingerprint, placed, withheld = unpack(order)
  if status then
    return record_fingerprint == fingerprint and {'COMPLETED', body} or {'KEY_REUSED'}
  elseif order_fingerprint then
    -- The instance that began the order crashed, or the response has expired. The order's pieces may have been released again; it
    -- does not get others.
    if order_fingerprint ~= fingerprint then
      return {'KEY_REUSED'}
    end
    return withheld and {'WITHHELD', withheld} or {'PLACED', placed}
  elseif record_fingerprint then
    if record_fingerprint ~= fingerprint then
      return {'KEY_REUSED'}
    elseif tonumber(record_lease) > now then
      return {'IN_PROGRESS', string.format('%.0f', record_lease - now)}
    end
    local short = reserve_pieces(reserved, id, hold, reservation, deadlines, stock, pieces)
    if short then
      redis.call('DEL', record_key)
      short[4] = any_left
      return short
    end
    redis.call('HSET', record_key, 'owner', owner, 'lease', lease_end)
    -- Otherwise the record could expire during the lease, and another request would begin with other prices.
    redis.call('PEXPIRE', record_key, ttl)
    return {'RESUMED', record_command, any_left}
  elseif command == '' then
    return {'UNKNOWN', any_left}
  end
  local short = reserve_pieces(reserved, id, hold, reservation, deadlines, stock, pieces)
  if short then
    short[4] = any_left
    return short
  end
  redis.call('HSET', record_key, 'fingerprint', fingerprint, 'owner', owner, 'lease', lease_end, 'command', command)
  redis.call('PEXPIRE', record_key, ttl)
  begun = begun + 1
  return {'CLAIMED', any_left}
end

local replies = {}
while arguments_read < #ARGV do
  local record_key, order_key, reservation = key(), key(), key()
  local fingerprint, owner, id, command, pieces = argument(), argument(), argument(), argument(), list()
  local stock = keys(#pieces / 2)
  local succeeded, reply =
    pcall(claim, record_key, order_key, reservation, stock, fingerprint, owner, id, command, pieces)
  replies[#replies + 1] = succeeded and reply or {'FAILED', tostring(reply)}
end
write_lists()
if begun > 0 then
  redis.call('HINCRBY', by_hour, math.floor(now / 3600000), begun)
end
return replies
