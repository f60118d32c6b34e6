package shop.gateway.limits;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits of this gateway alone, in memory. Of more keys than fit, those that were not used for the
 * longest time are forgotten.
 */
final class LocalLimits {

  private final Clock clock;
  private final Map<String, Meter.State> states;

  LocalLimits(int maxKeys, Clock clock) {
    this.clock = clock;
    this.states =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Meter.State> eldest) {
            return size() > maxKeys;
          }
        };
  }

  /** Decides about one request. */
  Decision take(Policy policy, String subject) {
    String key = policy.key(subject);
    synchronized (states) {
      var before = states.getOrDefault(key, Meter.State.NONE);
      var step = policy.localMeter().take(before, now());
      states.put(key, step.after());
      return step.decision();
    }
  }

  int size() {
    synchronized (states) {
      return states.size();
    }
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }
}
