-- Begins every script that applies a record of the log: each is applied once, and only on the one before it.
-- KEYS[1]: positions. ARGV[1..3]: source, where the record before it ended, offset.
local at = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if at < tonumber(ARGV[2]) then
  return 'BEHIND'
elseif at > tonumber(ARGV[3]) then
  return 'SEEN'
end
local function applied()
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', ARGV[3] + 1))
  return 'APPLIED'
end
