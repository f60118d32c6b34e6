-- Marks a Redis that is not open, unless it is marked since its last start; returns its mark, or '' if it is open by now. The first
-- of several instances marks it. KEYS: opening, epoch. ARGV: the run of Redis, a new mark, which begins with the run.
local function of_this_run(key)
  local text = redis.call('GET', key)
  return text and string.sub(text, 1, #ARGV[1]) == ARGV[1] and text
end
if of_this_run(KEYS[2]) then
  return ''
end
local mark = of_this_run(KEYS[1])
if not mark then
  redis.call('SET', KEYS[1], ARGV[2])
  mark = ARGV[2]
end
return mark
