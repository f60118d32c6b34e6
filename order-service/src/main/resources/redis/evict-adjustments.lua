-- Removes the ids of adjustments that PostgreSQL has; before, the hash of evicted positions moves to those of PostgreSQL.
-- KEYS: evicted, times of adjustments, then of each the adjustments of its SKU.
-- ARGV: a list of positions and offsets, then of each: id and SKU.
local evicted, times = key(), key()
move_evicted(evicted, list())
while arguments_read < #ARGV do
  local adjustments, id, sku = key(), argument(), argument()
  redis.call('HDEL', adjustments, id)
  remove_from_list(times, id .. ' ' .. sku)
end
write_lists()
return 1
