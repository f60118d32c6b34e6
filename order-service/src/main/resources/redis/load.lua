-- Writes a part of what an empty Redis is loaded with, if the caller still has the right to load it, and renews the lease.
-- KEYS: loader, then that of each command. ARGV: id of the load, lease ms, then of each command its name and a list of its arguments.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'LOST'
end
-- The first write, because a full Redis refuses it; the later ones of a script are not refused.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
keys_read, arguments_read = 1, 2
while arguments_read < #ARGV do
  local command = argument()
  redis.call(command, key(), unpack(list()))
end
return 'WRITTEN'
