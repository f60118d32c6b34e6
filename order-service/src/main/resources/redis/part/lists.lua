-- For scripts that list many orders: one command for all members of a sorted set.
local listed, unlisted = {}, {}
local function enlist(set, score, id)
  local members = listed[set] or {}
  members[#members + 1] = score
  members[#members + 1] = id
  listed[set] = members
end
local function unlist(set, id)
  local members = unlisted[set] or {}
  members[#members + 1] = id
  unlisted[set] = members
end
local function write_lists()
  for set, members in pairs(unlisted) do
    redis.call('ZREM', set, unpack(members))
  end
  for set, members in pairs(listed) do
    redis.call('ZADD', set, unpack(members))
  end
end
