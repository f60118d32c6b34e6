-- wrk script: orders with their own idempotency keys; customers and bodies are used in rotation.
-- Arguments: a folder with the files tokens and bodies, to which the file accepted is written;
-- requests per second, 0 for a closed loop. For one thread (-t1).

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long nanos; } bench_time;
int clock_gettime(int clock, bench_time *time);
]]

local monotonic = 1
local time = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(monotonic, time)
  return tonumber(time.seconds) + tonumber(time.nanos) / 1e9
end

local function lines(path)
  local all = {}
  for line in io.lines(path) do
    all[#all + 1] = line
  end
  return all
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

local tokens, bodies, accepted_ids, prefix
local sent = 0
statuses = {}
late = 0

function init(arguments)
  local folder = arguments[1]
  local rate = tonumber(arguments[2])
  tokens = lines(folder .. "/tokens")
  bodies = lines(folder .. "/bodies")
  accepted_ids = io.open(folder .. "/accepted", "w")
  local random = io.open("/dev/urandom", "rb")
  prefix = random:read(8):gsub(".", function(byte)
    return string.format("%02x", byte:byte())
  end)
  random:close()
  if rate > 0 then
    local step = 1 / rate
    local slot
    -- wrk calls this when a connection is free; it returns the wait in ms until the next request is due.
    function delay()
      local moment = now()
      slot = slot and slot + step or moment
      local wait = slot - moment
      if wait < 0 then
        late = late + 1
        return 0
      end
      return math.floor(wait * 1000 + 0.5)
    end
  end
end

function request()
  sent = sent + 1
  local body = bodies[sent % #bodies + 1]
  return table.concat {
    "POST /orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ",
    tokens[sent % #tokens + 1],
    "\r\nIdempotency-Key: ", prefix, string.format("-%09d", sent),
    "\r\nContent-Length: ", #body, "\r\n\r\n", body
  }
end

function response(status, headers, body)
  local name = tostring(status)
  statuses[name] = (statuses[name] or 0) + 1
  if status == 201 then
    accepted_ids:write(body:match('"id":"([%x-]+)"'), "\n")
  elseif statuses[name] == 1 then
    print("first response with status " .. name .. ": " .. body)
  end
end

function done(summary, latency, requests)
  local thread = threads[1]
  local counts = {}
  for status, count in pairs(thread:get("statuses")) do
    counts[#counts + 1] = string.format('"%s":%d', status, count)
  end
  local micros = {}
  for _, share in ipairs { 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.99 } do
    micros[#micros + 1] = string.format('"%s":%d', share, latency:percentile(share))
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"micros_taken":%d,"late":%d,"failures":%d,"statuses":{%s},"micros":{%s}}\n',
    summary.duration, thread:get("late"),
    errors.connect + errors.read + errors.write + errors.timeout,
    table.concat(counts, ","), table.concat(micros, ",")))
end
