-- Shows acknowledged orders at once, and keeps the answer of each under its key.
-- KEYS: all orders, all of status PLACED, unsettled, then of each: order, customer's orders, customer's of status PLACED,
--   idempotency record.
-- ARGV: of each: order id, customer id, created ms, fingerprint, placed data, body, forget-at ms.
local all = {key(), key(), key()}
local orders, order_keys, answers = {}, {}, {}
while arguments_read < #ARGV do
  local order = {key = key(), lists = {key(), key()}, record = key(), id = argument(), customer = argument(),
    created = argument(), fingerprint = argument(), placed = argument(), body = argument(), forget_at = argument()}
  orders[#orders + 1] = order
  order_keys[#order_keys + 1] = order.key
end

local known = presence(order_keys)
for _, order in ipairs(orders) do
  order.known = known(order.key)
  if not order.known then
    for _, lists in ipairs({all, order.lists}) do
      for _, set in ipairs(lists) do
        enlist(set, order.created, order.id)
      end
    end
  end
end

-- First the lists: whoever finds an order takes it for listed.
write_lists()
for i, order in ipairs(orders) do
  if not order.known then
    redis.call('HSET', order.key, 'version', '0', 'status', 'PLACED', 'customer', order.customer, 'created', order.created,
      'fingerprint', order.fingerprint, 'placed', order.placed)
  end
  redis.call('DEL', order.record)
  redis.call('HSET', order.record, 'fingerprint', order.fingerprint, 'status', '201', 'body', order.body)
  redis.call('PEXPIREAT', order.record, order.forget_at)
  answers[i] = {'SHOWN'}
end
return answers
