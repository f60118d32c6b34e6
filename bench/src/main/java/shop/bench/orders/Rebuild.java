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

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var shop = new Shop(System.getenv());
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
    rate.print();
    System.out.printf("order-service accepted orders again after %.1f s%n", seconds(requested));
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

    /** Prints the rate. */
    void print() {
      if (ended == began) {
        System.out.println("Too few orders to measure the rate");
        return;
      }
      double took = (ended - began) / 1e9;
      System.out.printf(
          "%,d orders, products and adjustments in %.1f s: %,.0f/s%n",
          last - first, took, (last - first) / took);
    }
  }
}
