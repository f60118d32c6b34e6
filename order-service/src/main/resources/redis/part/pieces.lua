-- For scripts that set pieces aside: all or none; asked again it only renews the deadline.
-- KEYS from key on: reservation, deadlines, stock of each sku. ARGV from first on: sku and quantity of each.
-- Answers what to tell if there is too little: SHORT, the sku, what is left of it.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function set_aside(id, hold, key, first)
  local deadline = string.format('%.0f', now + hold)
  if redis.call('EXISTS', KEYS[key]) == 1 then
    redis.call('ZADD', KEYS[key + 1], 'XX', deadline, id)
    return nil
  end
  local stock = key + 2
  for i = first, #ARGV, 2 do
    local left = tonumber(redis.call('GET', KEYS[stock + (i - first) / 2]) or '0')
    if left < tonumber(ARGV[i + 1]) then
      return {'SHORT', ARGV[i], string.format('%.0f', math.max(left, 0))}
    end
  end
  for i = first, #ARGV, 2 do
    redis.call('DECRBY', KEYS[stock + (i - first) / 2], ARGV[i + 1])
  end
  redis.call('HSET', KEYS[key], unpack(ARGV, first))
  redis.call('ZADD', KEYS[key + 1], deadline, id)
  return nil
end
