-- Collects the members that a script adds to sorted sets and removes from them: one command for each set.
local added, removed = {}, {}
local function add_to_list(set, score, id)
  local members = added[set] or {}
  members[#members + 1] = score
  members[#members + 1] = id
  added[set] = members
end
local function remove_from_list(set, id)
  local members = removed[set] or {}
  members[#members + 1] = id
  removed[set] = members
end
local function write_lists()
  for set, members in pairs(removed) do
    redis.call('ZREM', set, unpack(members))
  end
  for set, members in pairs(added) do
    redis.call('ZADD', set, unpack(members))
  end
end
