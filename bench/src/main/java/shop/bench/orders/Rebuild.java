package shop.bench.orders;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import shop.bench.platform.Polling;
import shop.bench.platform.Topics;
import tools.jackson.databind.JsonNode;

/**
 * Requests a rebuild of Redis from the log and measures how many events per second order-service
 * applies.
 */
public final class Rebuild {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private Rebuild() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var shop = new Shop(System.getenv());
    long events = events(OrderLog.brokers(System.getenv()));
    shop.requestRebuild();
    long requested = System.nanoTime();
    Polling.await(
        TIMEOUT,
        POLL_INTERVAL,
        () -> !isOpen(shop.projection()),
        () -> "Order-service did not start the rebuild");
    var rate = new ApplyRate();
    Polling.await(
        TIMEOUT.minusNanos(System.nanoTime() - requested),
        POLL_INTERVAL,
        () -> {
          var projection = shop.projection();
          if (isOpen(projection)) {
            return true;
          }
          rate.observe(projection.get("applied").asLong());
          return false;
        },
        () -> "Redis is still " + shop.projection().get("phase") + " after " + TIMEOUT);
    rate.print(events);
    System.out.printf("order-service accepted orders again after %.1f s%n", seconds(requested));
  }

  private static boolean isOpen(JsonNode projection) {
    return projection.get("phase").asString().equals("OPEN");
  }

  /** The number of committed records in the topic of orders. */
  private static long events(String bootstrapServers) {
    var events = new AtomicLong();
    Topics.read(bootstrapServers, List.of(OrderLog.TOPIC), _ -> events.incrementAndGet());
    return events.get();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /**
   * The rate from the first reading of a rebuild to the last one with progress. The service opens
   * later, because it waits for orders that may still arrive in the log.
   */
  private static final class ApplyRate {
    private long first = -1;
    private long began;
    private long last;
    private long ended;

    void observe(long applied) {
      if (first < 0 || applied < last) {
        // The first reading, or one from before Redis was emptied.
        first = applied;
        began = System.nanoTime();
        ended = began;
      } else if (applied > last) {
        ended = System.nanoTime();
      }
      last = applied;
    }

    /**
     * Prints the rate. The applied positions include transaction markers, so they are scaled to
     * records.
     */
    void print(long events) {
      if (ended == began) {
        System.out.println("Too few events to measure the rate");
        return;
      }
      double took = (ended - began) / 1e9;
      double share = (double) (last - first) / last;
      System.out.printf(
          "%,.0f of %,d events in %.1f s: %,.0f events/s%n",
          share * events, events, took, share * events / took);
    }
  }
}
