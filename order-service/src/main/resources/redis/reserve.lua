-- Reserves pieces for a stock adjustment that removes them.
-- KEYS: reservation, deadlines, stock. ARGV: adjustment id, hold ms, sku, pieces.
local reserved = redis.call('HGET', KEYS[1], ARGV[3])
if reserved and reserved ~= ARGV[4] then
  return {'DIFFERENT', reserved}
end
local short = reserve_pieces(reserved, ARGV[1], ARGV[2], KEYS[1], KEYS[2], {KEYS[3]}, {ARGV[3], ARGV[4]})
write_lists()
return short or {'RESERVED'}
