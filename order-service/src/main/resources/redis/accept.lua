-- Makes acknowledged orders visible at once, and stores the response to each under its idempotency key.
-- An order that was placed before the boundary may have left Redis meanwhile; it is not shown again.
-- KEYS: boundary, all orders, all of status PLACED, unsettled, then of each: order, customer's orders, customer's of status PLACED,
--   idempotency record.
-- ARGV: of each: order id, customer id, created ms, fingerprint, order as JSON, response body, expiry of the record in ms.
local boundary = tonumber(redis.call('GET', key()) or '0')
local lists_of_all = {key(), key(), key()}
local orders, order_keys, replies = {}, {}, {}
while arguments_read < #ARGV do
  local order = {key = key(), lists = {key(), key()}, record = key(), id = argument(), customer = argument(),
    created = argument(), fingerprint = argument(), placed = argument(), body = argument(), expires = argument()}
  orders[#orders + 1] = order
  order_keys[#order_keys + 1] = order.key
end

local is_stored = existing(order_keys)
for _, order in ipairs(orders) do
  order.shown = not is_stored(order.key) and tonumber(order.created) >= boundary
  if order.shown then
    for _, lists in ipairs({lists_of_all, order.lists}) do
      for _, set in ipairs(lists) do
        add_to_list(set, order.created, order.id)
      end
    end
  end
end

-- The lists come first: a script that finds an order takes it to be in the lists.
write_lists()
for i, order in ipairs(orders) do
  if order.shown then
    redis.call('HSET', order.key, 'version', '0', 'status', 'PLACED', 'customer', order.customer, 'created', order.created,
      'fingerprint', order.fingerprint, 'placed', order.placed)
  end
  redis.call('DEL', order.record)
  redis.call('HSET', order.record, 'fingerprint', order.fingerprint, 'status', '201', 'body', order.body)
  redis.call('PEXPIREAT', order.record, order.expires)
  replies[i] = {'ACCEPTED'}
end
return replies
