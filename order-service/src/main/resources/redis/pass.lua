-- Goes past a record that changes nothing. KEYS: positions. ARGV: source, offset.
if tonumber(ARGV[2]) >= tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ARGV[2] + 1))
end
return 'APPLIED'
