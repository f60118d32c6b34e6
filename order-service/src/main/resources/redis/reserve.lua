-- Sets pieces aside for an adjustment that takes them out.
-- KEYS: reservation, deadlines, stock. ARGV: adjustment id, hold ms, sku, pieces.
local held = redis.call('HGET', KEYS[1], ARGV[3])
if held and held ~= ARGV[4] then
  return {'OTHER', held}
end
local short = set_aside(held, ARGV[1], ARGV[2], KEYS[1], KEYS[2], {KEYS[3]}, {ARGV[3], ARGV[4]})
write_lists()
return short or {'RESERVED'}
