package shop.gateway.discovery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.balancing.Instance;

/**
 * The last answers of a name's look-ups, and the instances by them. A look-up that fails keeps its
 * last answer, however old. That the name has no record at all is believed only after a time: while
 * a container restarts or a name server has lost its data, the answer is the same, and instances
 * that are really gone are taken out by their checks. It is believed at last, because an address
 * may be given to another service. Not thread-safe.
 */
final class LastAnswers {
  private static final Logger log = LoggerFactory.getLogger(LastAnswers.class);

  private final String name;
  private final long holdEmpty;
  private final LongSupplier ticker;
  private final List<List<Instance>> answers;
  private final List<Boolean> failing;
  private List<Instance> instances = List.of();
  private boolean holding;
  private long heldSince;

  /**
   * No answers yet.
   *
   * @param holdEmpty nanoseconds
   * @param ticker nanoseconds of a monotonic clock
   */
  LastAnswers(String name, int lookUps, long holdEmpty, LongSupplier ticker) {
    this.name = name;
    this.holdEmpty = holdEmpty;
    this.ticker = ticker;
    this.answers = new ArrayList<>(Collections.nCopies(lookUps, List.of()));
    this.failing = new ArrayList<>(Collections.nCopies(lookUps, false));
  }

  List<Instance> instances() {
    return instances;
  }

  /** A look-up was answered. */
  void answered(int lookUp, List<Instance> answer) {
    if (failing.set(lookUp, false)) {
      log.info("Look-up of {} is answered again", name);
    }
    answers.set(lookUp, answer);
    var all = answers.stream().flatMap(List::stream).toList();
    if (!all.isEmpty() || instances.isEmpty()) {
      instances = all;
      holding = false;
    } else if (!holding) {
      holding = true;
      heldSince = ticker.getAsLong();
      log.warn(
          "{} has no record any more; keeping its {} instances for {} s",
          name,
          instances.size(),
          holdEmpty / 1_000_000_000);
    }
    if (holding && ticker.getAsLong() - heldSince >= holdEmpty) {
      log.warn("{} still has no record; its {} instances are given up", name, instances.size());
      instances = List.of();
      holding = false;
    }
  }

  /** A look-up failed. */
  void failed(int lookUp, Throwable failure) {
    if (!failing.set(lookUp, true)) {
      log.warn(
          "Look-up of {} failed; keeping its {} instances: {}",
          name,
          instances.size(),
          failure.getMessage());
    }
  }
}
