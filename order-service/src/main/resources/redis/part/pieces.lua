-- For scripts that set pieces aside, all or none; those that are already only wait longer. Their deadlines are written with the lists.
-- Takes the keys of each stock, and sku and quantity of each. Answers what to tell if there is too little: SHORT, the sku, what is left of it.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function set_aside(already, id, hold, reservation, deadlines, stock, pieces)
  local deadline = string.format('%.0f', now + hold)
  if already then
    redis.call('ZADD', deadlines, 'XX', deadline, id)
    return nil
  end
  for i, key in ipairs(stock) do
    local left = tonumber(redis.call('GET', key) or '0')
    if left < tonumber(pieces[2 * i]) then
      return {'SHORT', pieces[2 * i - 1], string.format('%.0f', math.max(left, 0))}
    end
  end
  for i, key in ipairs(stock) do
    redis.call('DECRBY', key, pieces[2 * i])
  end
  redis.call('HSET', reservation, unpack(pieces))
  enlist(deadlines, deadline, id)
  return nil
end
