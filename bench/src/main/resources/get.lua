-- GETs of one URL; argument: mean wait before each request, milliseconds, 0 for none.
local mean = 0

function init(args)
  mean = tonumber(args[1]) or 0
  if mean > 0 then
    delay = function()
      return math.random() * 2 * mean
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"micros":%d,"requests":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.duration, summary.requests,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
