-- Reserves pieces of several products, all or none. If they are already reserved, only the deadline is extended. A new deadline is
-- written by write_lists.
-- Takes the stock keys, and the sku and quantity of each. Returns nil, or SHORT, the sku that lacks pieces, and how many it has.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function reserve_pieces(reserved, id, hold, reservation, deadlines, stock, pieces)
  local deadline = string.format('%.0f', now + hold)
  if reserved then
    redis.call('ZADD', deadlines, 'XX', deadline, id)
    return nil
  end
  for i, key in ipairs(stock) do
    local available = tonumber(redis.call('GET', key) or '0')
    if available < tonumber(pieces[2 * i]) then
      return {'SHORT', pieces[2 * i - 1], string.format('%.0f', math.max(available, 0))}
    end
  end
  for i, key in ipairs(stock) do
    redis.call('DECRBY', key, pieces[2 * i])
  end
  redis.call('HSET', reservation, unpack(pieces))
  add_to_list(deadlines, deadline, id)
  return nil
end
