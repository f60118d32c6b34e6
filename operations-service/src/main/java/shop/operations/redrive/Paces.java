package shop.operations.redrive;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;

/**
 * The paces of the bulk retries of which a redriver sends something: what the receiving services
 * see keeps the rate even where decisions have piled up. For one thread.
 */
final class Paces {

  /** More than a second's worth never piles up, since decisions keep close to the redriver. */
  private static final long MOST = Duration.ofSeconds(1).toNanos();

  private final ToIntFunction<UUID> rates;
  private final Map<UUID, Pace> paces = new HashMap<>();

  /**
   * Paces that have not begun.
   *
   * @param rates of the jobs, per second; 0 if a job is not known
   */
  Paces(ToIntFunction<UUID> rates) {
    this.rates = rates;
  }

  /** How long to wait until all of these may be sent, in nanoseconds. */
  long next(Collection<Sending> decisions, long now) {
    long wait = 0;
    for (var decision : decisions) {
      Pace pace = decision instanceof RetryRequested retry ? of(retry.job(), now) : null;
      if (pace != null) {
        wait = Math.max(wait, pace.next(now));
      }
    }
    return Math.min(wait, MOST);
  }

  private @Nullable Pace of(@Nullable UUID job, long now) {
    if (job == null) {
      return null;
    }
    return paces.computeIfAbsent(
        job,
        _ -> {
          int rate = rates.applyAsInt(job);
          return rate == 0 ? null : new Pace(rate, now);
        });
  }
}
