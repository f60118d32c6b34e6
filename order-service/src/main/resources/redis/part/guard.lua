-- Precedes every script that writes for a request: Redis must be the one that was opened. ARGV: …, epoch.
if redis.call('GET', EPOCH) ~= table.remove(ARGV) then
  return redis.error_reply('EPOCH Redis was emptied or restarted and is not open for writes')
end
