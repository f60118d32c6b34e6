-- Applies a batch of records of one partition of the log: all of it or nothing, and only at the position where it begins. A Redis
-- without positions is loaded first.
-- KEYS: positions, unsettled, all orders, reservation deadlines, keys by hour, boundary, times of adjustments,
--   then those of each change.
-- ARGV: partition, first offset, end offset, then the changes, each with its type:
--   order, id, first sequence, created ms, status or '', whether that is settled, what happens to its pieces (keep, release, consume),
--     then three lists, each with its length: timeline entries; fields and values; and, if the order is placed here,
--     customer, created ms, fingerprint, order as JSON, response body or '', expiry of the record in ms, sku and quantity of each.
--     Its keys: order, timeline, idempotency record, reservation.
--   withheld, id, customer, created ms, fingerprint, summary as JSON, status, reason or '', and a list: sku and quantity of each;
--     the status is PLACED, or CANCELLED at its end. Its keys: order, reservation.
--   adjustment, id, sku, delta, fingerprint, time of its record in ms; the delta includes the pieces that are reserved for it.
--     Its keys: adjustments, reservation.
local position = redis.call('HGET', KEYS[1], ARGV[1])
if not position and redis.call('EXISTS', KEYS[1]) == 0 then
  return 'NOT_LOADED'
end
position = tonumber(position or '0')
if position ~= tonumber(ARGV[2]) then
  return position >= tonumber(ARGV[3]) and 'ALREADY_APPLIED' or 'POSITION_MISMATCH'
end

keys_read, arguments_read = 7, 3
local boundary = tonumber(redis.call('GET', KEYS[6]) or '0')

-- Reads the list of a placed order; nil if it is empty. The pieces stay in ARGV, from the first sku to the last quantity.
local function placement()
  local last = tonumber(argument()) + arguments_read
  if last == arguments_read then
    return nil
  end
  local placed = {customer = argument(), created = argument(), fingerprint = argument(), json = argument(), body = argument(),
    expires = argument(), first_sku = arguments_read + 1, last_quantity = last}
  arguments_read = last
  return placed
end

-- Nothing is written before every change is known to follow what is stored.
local orders, withheld, adjustments, reservations, records = {}, {}, {}, {}, {}
while arguments_read < #ARGV do
  local kind = argument()
  if kind == 'order' then
    local order = {key = key(), timeline = key(), idempotency = key(), reservation = key(), id = argument(),
      first = tonumber(argument()), placed_ms = tonumber(argument()), status = argument(), settled = argument(), pieces = argument(),
      entries = list(), fields = list(), placed = placement()}
    order.stored = redis.call('HMGET', order.key, 'version', 'status', 'customer', 'created', 'withheld')
    local version, _, _, created, summary = unpack(order.stored)
    order.version = tonumber(version or '0')
    order.placing = order.version == 0
    -- An order that has left Redis does not come back; PostgreSQL alone takes its later events.
    local has_left = not version and order.first > 1 and order.placed_ms < boundary
    if not has_left then
      if order.first > order.version + 1 then
        return 'GAP'
      end
      if order.placing then
        reservations[#reservations + 1] = order.reservation
      end
      -- The instance that accepted the order has listed it and stored its response, unless another request with the same key was
      -- faster. A withheld order is stored without its response, which event 1 adds.
      order.withheld = summary
      order.listed = not order.placing or (created == order.placed.created and not summary)
      if not order.listed then
        records[#records + 1] = order.idempotency
      end
      orders[#orders + 1] = order
    end
  elseif kind == 'withheld' then
    local order = {key = key(), reservation = key(), id = argument(), customer = argument(), created = argument(),
      fingerprint = argument(), summary = argument(), status = argument(), reason = argument(), pieces = list()}
    reservations[#reservations + 1] = order.reservation
    withheld[#withheld + 1] = order
  else
    adjustments[#adjustments + 1] =
      {adjustments = key(), reservation = key(), id = argument(), sku = argument(), delta = argument(), fingerprint = argument(),
        time = argument()}
  end
end

local is_reserved, is_record = existing(reservations), existing(records)

-- Sums by sku and by hour, so that each is written by one command.
local stock, hours = {}, {}
local function add(sums, name, number)
  sums[name] = (sums[name] or 0) + number
end

local function store_response(order)
  local placed = order.placed
  if placed.body == '' then
    return
  end
  if is_record(order.idempotency) then
    if redis.call('HEXISTS', order.idempotency, 'status') == 1 then
      return
    end
    redis.call('DEL', order.idempotency)
  else
    add(hours, math.floor(placed.created / 3600000), 1)
  end
  redis.call('HSET', order.idempotency, 'fingerprint', placed.fingerprint, 'status', '201', 'body', placed.body)
  redis.call('PEXPIREAT', order.idempotency, placed.expires)
end

local function release(reservation)
  local reserved = redis.call('HGETALL', reservation)
  for i = 1, #reserved, 2 do
    add(stock, reserved[i], reserved[i + 1])
  end
end

local function move_pieces(order)
  if order.placing then
    remove_from_list(KEYS[4], order.id)
    if not is_reserved(order.reservation) then
      local placed = order.placed
      -- Pieces that are taken and released in the same batch do not change the sum.
      for i = placed.first_sku, placed.last_quantity, 2 do
        add(stock, ARGV[i], order.pieces == 'release' and 0 or -ARGV[i + 1])
      end
      if order.pieces == 'keep' then
        redis.call('HSET', order.reservation, unpack(ARGV, placed.first_sku, placed.last_quantity))
      end
      return
    end
  end
  if order.pieces == 'release' then
    release(order.reservation)
  end
  if order.pieces ~= 'keep' then
    redis.call('DEL', order.reservation)
  end
end

-- The first write, because a full Redis refuses it: once a script has deleted something, as some batches do first, it may write on.
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])

for _, order in ipairs(orders) do
  local last = order.first + #order.entries - 1
  if order.version < last then
    local _, old_status, customer, created = unpack(order.stored)
    local fields = order.fields
    if order.placing then
      local placed = order.placed
      customer, created = placed.customer, placed.created
      if not order.listed or redis.call('HGET', order.key, 'placed') ~= placed.json then
        local n = #fields
        fields[n + 1], fields[n + 2] = 'customer', customer
        fields[n + 3], fields[n + 4] = 'created', created
        fields[n + 5], fields[n + 6] = 'fingerprint', placed.fingerprint
        fields[n + 7], fields[n + 8] = 'placed', placed.json
      end
    end
    if not order.listed then
      store_response(order)
    end
    if order.withheld then
      redis.call('HDEL', order.key, 'withheld')
    end
    local status = order.status ~= '' and order.status or old_status
    redis.call('HSET', order.key, 'version', last, 'status', status, unpack(fields))
    redis.call('RPUSH', order.timeline, unpack(order.entries, order.version - order.first + 2))
    local of_customer = CUSTOMER_ORDERS .. customer
    if not order.listed then
      add_to_list(of_customer, created, order.id)
      add_to_list(KEYS[3], created, order.id)
    end
    if status ~= old_status or not order.listed then
      if old_status and status ~= old_status then
        remove_from_list(of_customer .. STATUS .. old_status, order.id)
        remove_from_list(KEYS[3] .. STATUS .. old_status, order.id)
      end
      add_to_list(of_customer .. STATUS .. status, created, order.id)
      add_to_list(KEYS[3] .. STATUS .. status, created, order.id)
      if order.settled == 'true' then
        remove_from_list(KEYS[2], order.id)
      else
        add_to_list(KEYS[2], created, order.id)
      end
    end
    move_pieces(order)
  end
end

for _, order in ipairs(withheld) do
  local version, old_status = unpack(redis.call('HMGET', order.key, 'version', 'status'))
  -- An order that was placed, or cancelled without having been placed, stays so.
  if tonumber(version or '0') == 0 and old_status ~= 'CANCELLED' then
    local of_customer = CUSTOMER_ORDERS .. order.customer
    local cancelled = order.status == 'CANCELLED'
    redis.call('HDEL', order.key, 'placed')
    redis.call('HSET', order.key, 'version', '0', 'status', order.status, 'customer', order.customer, 'created', order.created,
      'fingerprint', order.fingerprint, 'withheld', order.summary)
    add_to_list(of_customer, order.created, order.id)
    add_to_list(KEYS[3], order.created, order.id)
    add_to_list(of_customer .. STATUS .. order.status, order.created, order.id)
    add_to_list(KEYS[3] .. STATUS .. order.status, order.created, order.id)
    remove_from_list(KEYS[4], order.id)
    if cancelled then
      redis.call('HSET', order.key, 'reason', order.reason)
      remove_from_list(of_customer .. STATUS .. 'PLACED', order.id)
      remove_from_list(KEYS[3] .. STATUS .. 'PLACED', order.id)
      remove_from_list(KEYS[2], order.id)
    else
      add_to_list(KEYS[2], order.created, order.id)
    end
    if not is_reserved(order.reservation) then
      for i = 1, #order.pieces, 2 do
        add(stock, order.pieces[i], cancelled and 0 or -order.pieces[i + 1])
      end
      if not cancelled then
        redis.call('HSET', order.reservation, unpack(order.pieces))
      end
    elseif cancelled then
      release(order.reservation)
      redis.call('DEL', order.reservation)
    end
  end
end

for _, adjustment in ipairs(adjustments) do
  local reserved = redis.call('HVALS', adjustment.reservation)
  if reserved[1] then
    add(stock, adjustment.sku, reserved[1])
    redis.call('DEL', adjustment.reservation)
    remove_from_list(KEYS[4], adjustment.id)
  end
  if redis.call('HSETNX', adjustment.adjustments, adjustment.id, adjustment.delta .. ' ' .. adjustment.fingerprint) == 1 then
    add(stock, adjustment.sku, adjustment.delta)
    add_to_list(KEYS[7], adjustment.time, adjustment.id .. ' ' .. adjustment.sku)
  end
end

write_lists()
for sku, pieces in pairs(stock) do
  redis.call('INCRBY', STOCK .. sku, string.format('%.0f', pieces))
end
for hour, keys in pairs(hours) do
  redis.call('HINCRBY', KEYS[5], hour, keys)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'APPLIED'
