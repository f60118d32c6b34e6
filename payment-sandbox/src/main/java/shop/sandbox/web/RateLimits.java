package shop.sandbox.web;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import shop.sandbox.SandboxSettings;

/**
 * Limits the calls of a second, in all and of each endpoint, like Stripe (100 and 25 by default).
 *
 * @see <a href="https://docs.stripe.com/rate-limits">Rate limits</a>
 */
final class RateLimits {

  private static final long SECOND = 1_000_000_000L;
  private static final Pattern ID = Pattern.compile("/(pi|re)_[^/]*");
  private static final Pattern KNOWN =
      Pattern.compile("/v1/(payment_intents|refunds)(/\\{id}(/\\w{1,9})?)?");

  private final LongSupplier nanoTime;
  private final int endpointLimit;
  private final Window all;
  private final Map<String, Window> endpoints = new ConcurrentHashMap<>();

  RateLimits(SandboxSettings settings, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.endpointLimit = settings.endpointCallsPerSecond();
    this.all = new Window(settings.callsPerSecond());
  }

  /** The limit that a call exceeds, as Stripe names it; empty if the call may be made. */
  Optional<String> exceeded(String method, String path) {
    long now = nanoTime.getAsLong();
    String name = ID.matcher(path).replaceAll("/{id}");
    String endpoint = KNOWN.matcher(name).matches() ? method + " " + name : "unknown";
    if (!all.admits(now)) {
      return Optional.of("global-rate");
    }
    return endpointLimit == 0
            || endpoints.computeIfAbsent(endpoint, _ -> new Window(endpointLimit)).admits(now)
        ? Optional.empty()
        : Optional.of("endpoint-rate");
  }

  /** The calls of the last second, as the times of the newest ones. */
  private static final class Window {
    private final long[] times;
    private int calls;

    Window(int limit) {
      this.times = new long[limit];
    }

    synchronized boolean admits(long now) {
      if (times.length == 0) {
        return true;
      }
      int oldest = calls % times.length;
      if (calls >= times.length && now - times[oldest] < SECOND) {
        return false;
      }
      times[oldest] = now;
      calls = calls + 1 == 2 * times.length ? times.length : calls + 1;
      return true;
    }
  }
}
