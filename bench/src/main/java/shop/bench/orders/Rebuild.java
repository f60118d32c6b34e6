package shop.bench.orders;

import java.io.IOException;
import java.time.Duration;
import shop.bench.platform.Polling;
import tools.jackson.databind.JsonNode;

/** Requests a rebuild of Redis and measures how fast order-service loads it from PostgreSQL. */
public final class Rebuild {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private Rebuild() {}

  /**
   * A rebuild.
   *
   * @param loaded orders, products and adjustments that were written while progress was observed
   * @param loadSeconds the time from the first observation of progress to the last one
   * @param seconds until orders were accepted again
   */
  public record Result(long loaded, double loadSeconds, double seconds) {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var result = run(new Shop(System.getenv()));
    if (result.loadSeconds() == 0) {
      System.out.println("Too few orders to measure the rate");
    } else {
      System.out.printf(
          "%,d orders, products and adjustments in %.1f s: %,.0f/s%n",
          result.loaded(), result.loadSeconds(), result.loaded() / result.loadSeconds());
    }
    System.out.printf("order-service accepted orders again after %.1f s%n", result.seconds());
  }

  /**
   * Rebuilds Redis and returns when orders are accepted again.
   *
   * @throws IOException if they are not within ten minutes
   */
  public static Result run(Shop shop) throws IOException, InterruptedException {
    shop.requestRebuild();
    long requested = System.nanoTime();
    Polling.await(
        TIMEOUT,
        POLL_INTERVAL,
        () -> !isOpen(shop.projection()),
        () -> "Order-service did not start the rebuild");
    var rate = new LoadRate();
    Polling.await(
        TIMEOUT.minusNanos(System.nanoTime() - requested),
        POLL_INTERVAL,
        () -> {
          var projection = shop.projection();
          if (isOpen(projection)) {
            return true;
          }
          if (projection.get("phase").asString().equals("LOADING")) {
            rate.observe(projection.get("applied").asLong());
          }
          return false;
        },
        () -> "Redis is still " + shop.projection().get("phase") + " after " + TIMEOUT);
    return new Result(rate.last - rate.first, (rate.ended - rate.began) / 1e9, seconds(requested));
  }

  private static boolean isOpen(JsonNode projection) {
    return projection.get("phase").asString().equals("OPEN");
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /**
   * The rate from the first reading of a load to the last one with progress. The service opens
   * later, because it waits for orders that may still arrive in the log.
   */
  private static final class LoadRate {
    private long first = -1;
    private long began;
    private long last;
    private long ended;

    void observe(long loaded) {
      if (first < 0 || loaded < last) {
        // The first reading, or one from before the load began.
        first = loaded;
        began = System.nanoTime();
        ended = began;
      } else if (loaded > last) {
        ended = System.nanoTime();
      }
      last = loaded;
    }
  }
}
