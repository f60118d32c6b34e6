-- For scripts that take many things at once: reads KEYS and ARGV one after the other.
local keys_read, arguments_read = 0, 0
local function key()
  keys_read = keys_read + 1
  return KEYS[keys_read]
end
local function keys(count)
  keys_read = keys_read + count
  return {unpack(KEYS, keys_read - count + 1, keys_read)}
end
local function argument()
  arguments_read = arguments_read + 1
  return ARGV[arguments_read]
end
-- So many arguments, after their number.
local function list()
  local count = tonumber(argument())
  arguments_read = arguments_read + count
  return {unpack(ARGV, arguments_read - count + 1, arguments_read)}
end
