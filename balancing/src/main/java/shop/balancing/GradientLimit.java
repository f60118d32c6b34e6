package shop.balancing;

/**
 * How many requests a service may have in flight, from its response times: the gradient of Netflix'
 * {@code Gradient2Limit} and of Envoy's adaptive concurrency filter. Once per window the median of
 * the response times is compared with the time of the service without a queue:
 *
 * <pre>
 *   gradient = clamp(2 · unloaded / median, ½, 1)
 *   limit    = gradient &lt; 1 ? limit · gradient : limit + √limit
 * </pre>
 *
 * By Little's law a queue is what makes the median grow with the requests in flight, so the limit
 * settles at about twice the requests that the service works on at a time. Against AIMD with a
 * fixed time: a service that is slow by nature needs no setting of its own. What differs from both
 * models, and why:
 *
 * <ul>
 *   <li>The limit begins at its maximum, and each good window raises it, also while few requests
 *       come: a healthy service is never shed after an incident or a pause.
 *   <li>It is lowered only while at least half of it is in flight: with fewer, the requests are not
 *       what makes the service slow.
 *   <li>√limit is added only if the gradient is 1. Added always, it raises the limit without end
 *       under an overload that keeps the gradient near 0.8.
 *   <li>The unloaded time is an average that rises only in windows that cannot have a long queue:
 *       with less than half of the limit in flight, or at the minimum. An average of all windows
 *       learns the overload, and the limit creeps up. A service that becomes slower for good is
 *       thereby known at the minimum at the latest: the limit does not stay there.
 *   <li>No window of few requests in flight is forced to measure it, as Envoy does: that sheds
 *       requests of a healthy service.
 * </ul>
 *
 * Not thread-safe, but for reading {@link #limit}.
 */
final class GradientLimit {
  static final double TOLERANCE = 2;
  private static final double STEEPEST = 0.5;
  private static final double BUSY = 0.5;

  /** Weight of a window in the average of the unloaded time. */
  private static final double WEIGHT = 1.0 / 16;

  /** A window counts as this many times the average at most: a stall is not the new normal. */
  private static final double OUTLIER = 2;

  private final double min;
  private final double max;
  private final double fastest;
  private double exact;
  private volatile int limit;
  private volatile double unloaded;

  /**
   * A limit at its maximum.
   *
   * @param fastest nanoseconds below which the unloaded time does not fall
   */
  GradientLimit(int min, int max, double fastest) {
    this.min = min;
    this.max = max;
    this.fastest = fastest;
    this.exact = max;
    this.limit = max;
    this.unloaded = fastest;
  }

  int limit() {
    return limit;
  }

  /** The response time without a queue, nanoseconds. */
  double unloaded() {
    return unloaded;
  }

  /**
   * Reports a window.
   *
   * @param median of its response times, nanoseconds
   * @param inFlight the most requests that were in flight at a time
   */
  void onWindow(double median, int inFlight) {
    boolean busy = inFlight >= BUSY * exact;
    double gradient = Math.clamp(TOLERANCE * unloaded / median, STEEPEST, 1);
    learn(median, !busy || exact <= min);
    if (gradient == 1) {
      exact = Math.min(max, exact + Math.sqrt(exact));
    } else if (busy) {
      exact = Math.max(min, exact * gradient);
    }
    limit = (int) exact;
  }

  private void learn(double median, boolean withoutQueue) {
    double time = Math.min(median, OUTLIER * unloaded);
    if (time < unloaded || withoutQueue) {
      unloaded = Math.max(fastest, unloaded + WEIGHT * (time - unloaded));
    }
  }
}
