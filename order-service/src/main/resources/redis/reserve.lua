-- Sets pieces aside for an adjustment that takes them out.
-- KEYS: reservation, deadlines, stock. ARGV: adjustment id, hold ms, sku, pieces.
return set_aside(ARGV[1], ARGV[2], 1, 3) or {'RESERVED'}
