-- Moves the evicted positions forward to those of PostgreSQL: a list of positions and offsets.
local function move_evicted(evicted, positions)
  for i = 1, #positions, 2 do
    if tonumber(redis.call('HGET', evicted, positions[i]) or '-1') < tonumber(positions[i + 1]) then
      redis.call('HSET', evicted, positions[i], positions[i + 1])
    end
  end
end
