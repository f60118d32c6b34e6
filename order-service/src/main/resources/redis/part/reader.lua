-- Reads KEYS and ARGV one after the other, for scripts that take many things at once.
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
-- Reads a number, then that many arguments.
local function list()
  local count = tonumber(argument())
  arguments_read = arguments_read + count
  return {unpack(ARGV, arguments_read - count + 1, arguments_read)}
end
-- Returns a function that tells whether a key exists now. One command answers for all keys if all or none of them exist.
local function existing(keys)
  local count = #keys > 0 and redis.call('EXISTS', unpack(keys)) or 0
  return function(key)
    return count > 0 and (count == #keys or redis.call('EXISTS', key) == 1)
  end
end
