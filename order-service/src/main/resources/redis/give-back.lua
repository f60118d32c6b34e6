-- Gives back the claim and the pieces of a request whose order was placed before and has left Redis: it is not here although Redis has
-- applied the log beyond its event 1.
-- KEYS: idempotency record, order, reservation, deadlines, positions. ARGV: owner, order id, then partition and offset of each position.
for i = 3, #ARGV, 2 do
  if tonumber(redis.call('HGET', KEYS[5], ARGV[i]) or '0') < tonumber(ARGV[i + 1]) then
    return 'BEHIND'
  end
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 'HELD'
elseif redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then
  return 'OTHER_OWNER'
end
local reserved = redis.call('HGETALL', KEYS[3])
for i = 1, #reserved, 2 do
  redis.call('INCRBY', STOCK .. reserved[i], reserved[i + 1])
end
redis.call('ZREM', KEYS[4], ARGV[2])
redis.call('DEL', KEYS[1], KEYS[3])
return 'GIVEN_BACK'
