-- Removes orders that PostgreSQL has at the same version, and that hold no pieces. Before, the boundary moves to the cut-off, and
-- the hash of evicted positions to those of PostgreSQL. Returns how many were removed.
-- KEYS: boundary, evicted, all orders, then of each: order, timeline, reservation.
-- ARGV: cut-off in ms, a list of positions and offsets, then of each order: id, version and status in PostgreSQL.
local boundary_key, evicted, all = key(), key(), key()
local cutoff, positions = tonumber(argument()), list()
local boundary = math.max(cutoff, tonumber(redis.call('GET', boundary_key) or '0'))
redis.call('SET', boundary_key, string.format('%.0f', boundary))
move_evicted(evicted, positions)

local removed_orders = 0
while arguments_read < #ARGV do
  local order, timeline, reservation = key(), key(), key()
  local id, version, status = argument(), argument(), argument()
  local has_version, has_status, customer, created = unpack(redis.call('HMGET', order, 'version', 'status', 'customer', 'created'))
  if has_version == version and has_status == status and tonumber(created) < boundary
      and redis.call('EXISTS', reservation) == 0 then
    local of_customer = CUSTOMER_ORDERS .. customer
    remove_from_list(of_customer, id)
    remove_from_list(of_customer .. STATUS .. status, id)
    remove_from_list(all, id)
    remove_from_list(all .. STATUS .. status, id)
    redis.call('UNLINK', order, timeline)
    removed_orders = removed_orders + 1
  end
end
write_lists()
return removed_orders
