-- Gives one instance the right to load an empty Redis, and empties it first: of what a load that broke off has left.
-- KEYS: opening, positions, loader. ARGV: the mark, an id of the load, lease ms.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'CHANGED'
elseif redis.call('EXISTS', KEYS[2]) == 1 then
  return 'LOADED'
elseif redis.call('EXISTS', KEYS[3]) == 1 then
  return 'LOADING'
end
redis.call('FLUSHDB', 'ASYNC')
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
return 'BEGUN'
