-- Applies a stretch of one partition of the log: all of it or nothing, and only on what came before it.
-- KEYS: positions, unsettled, all orders, reservation deadlines, keys by hour, then those of each change.
-- ARGV: source, where the stretch begins and ends, then the changes, each with its kind:
--   order, id, first sequence, status or '', whether that is settled, what happens to its pieces (keep, release, consume),
--     then three lists, each with its length: timeline entries; fields and values; and, if it is placed here,
--     customer, created ms, fingerprint, placed data, body or '', forget-at ms, sku and quantity of each.
--     Its keys: order, timeline, idempotency record, reservation.
--   adjustment, id, sku, delta; what was set aside for it is in its delta. Its keys: adjustments, reservation.
local at = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if at ~= tonumber(ARGV[2]) then
  return at >= tonumber(ARGV[3]) and 'SEEN' or 'ELSEWHERE'
end

keys_read, arguments_read = 5, 3

-- Nothing is written before all is known to fit.
local orders, adjustments, reservations, records = {}, {}, {}, {}
while arguments_read < #ARGV do
  if argument() == 'order' then
    local order = {key = key(), timeline = key(), idempotency = key(), reservation = key(), id = argument(),
      first = tonumber(argument()), status = argument(), settled = argument(), pieces = argument(),
      entries = list(), fields = list(), placed = list()}
    order.shown = redis.call('HMGET', order.key, 'version', 'status', 'customer', 'created')
    order.version = tonumber(order.shown[1] or '0')
    order.placing = order.version == 0
    if order.first > order.version + 1 then
      return 'GAP'
    end
    if order.placing then
      reservations[#reservations + 1] = order.reservation
    end
    -- Whoever accepted it has listed it and kept its answer, unless another wish under the same key was faster.
    order.listed = not order.placing or order.shown[4] == order.placed[2]
    if not order.listed then
      records[#records + 1] = order.idempotency
    end
    orders[#orders + 1] = order
  else
    adjustments[#adjustments + 1] =
      {adjustments = key(), reservation = key(), id = argument(), sku = argument(), delta = argument()}
  end
end

local is_reserved, is_record = presence(reservations), presence(records)

-- One command for each product and each hour.
local stock, hours = {}, {}
local function add(sums, name, number)
  sums[name] = (sums[name] or 0) + number
end

local function keep_answer(order)
  local _, created, fingerprint, _, body, forget_at = unpack(order.placed)
  if body == '' then
    return
  end
  if is_record(order.idempotency) then
    if redis.call('HEXISTS', order.idempotency, 'status') == 1 then
      return
    end
    redis.call('DEL', order.idempotency)
  else
    add(hours, math.floor(created / 3600000), 1)
  end
  redis.call('HSET', order.idempotency, 'fingerprint', fingerprint, 'status', '201', 'body', body)
  redis.call('PEXPIREAT', order.idempotency, forget_at)
end

local function move_pieces(order)
  if order.placing then
    unlist(KEYS[4], order.id)
    if not is_reserved(order.reservation) then
      -- What is taken and given back in one stretch nobody gets to see.
      for i = 7, #order.placed, 2 do
        add(stock, order.placed[i], order.pieces == 'release' and 0 or -order.placed[i + 1])
      end
      if order.pieces == 'keep' then
        redis.call('HSET', order.reservation, unpack(order.placed, 7))
      end
      return
    end
  end
  if order.pieces == 'release' then
    local held = redis.call('HGETALL', order.reservation)
    for i = 1, #held, 2 do
      add(stock, held[i], held[i + 1])
    end
  end
  if order.pieces ~= 'keep' then
    redis.call('DEL', order.reservation)
  end
end

for _, order in ipairs(orders) do
  local last = order.first + #order.entries - 1
  if order.version < last then
    local _, status, customer, created = unpack(order.shown)
    local fields = order.fields
    if order.placing then
      customer, created = order.placed[1], order.placed[2]
      if not order.listed or redis.call('HGET', order.key, 'placed') ~= order.placed[4] then
        for i, field in ipairs({'customer', 'created', 'fingerprint', 'placed'}) do
          fields[#fields + 1] = field
          fields[#fields + 1] = order.placed[i]
        end
      end
    end
    if not order.listed then
      keep_answer(order)
    end
    local now = order.status ~= '' and order.status or status
    redis.call('HSET', order.key, 'version', last, 'status', now, unpack(fields))
    redis.call('RPUSH', order.timeline, unpack(order.entries, order.version - order.first + 2))
    local of_customer = 'orders:' .. customer
    if not order.listed then
      enlist(of_customer, created, order.id)
      enlist(KEYS[3], created, order.id)
    end
    if now ~= status or not order.listed then
      if status and now ~= status then
        unlist(of_customer .. ':' .. status, order.id)
        unlist(KEYS[3] .. ':' .. status, order.id)
      end
      enlist(of_customer .. ':' .. now, created, order.id)
      enlist(KEYS[3] .. ':' .. now, created, order.id)
      if order.settled == 'true' then
        unlist(KEYS[2], order.id)
      else
        enlist(KEYS[2], created, order.id)
      end
    end
    move_pieces(order)
  end
end

for _, adjustment in ipairs(adjustments) do
  local held = redis.call('HVALS', adjustment.reservation)
  if held[1] then
    add(stock, adjustment.sku, held[1])
    redis.call('DEL', adjustment.reservation)
    unlist(KEYS[4], adjustment.id)
  end
  if redis.call('HSETNX', adjustment.adjustments, adjustment.id, adjustment.delta) == 1 then
    add(stock, adjustment.sku, adjustment.delta)
  end
end

write_lists()
for sku, pieces in pairs(stock) do
  redis.call('INCRBY', 'stock:' .. sku, string.format('%.0f', pieces))
end
for hour, keys in pairs(hours) do
  redis.call('HINCRBY', KEYS[5], hour, keys)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'APPLIED'
