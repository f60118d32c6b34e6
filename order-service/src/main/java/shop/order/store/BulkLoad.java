package shop.order.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import shop.order.OrderSnapshot;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.Script;

/**
 * The load of an empty Redis. It is sent in parts; until its end Redis has no positions, so that
 * nothing else writes there. Not thread-safe.
 */
public final class BulkLoad {

  /**
   * How long a load may pause, for a query or a part, until another instance may begin one; longer
   * than the timeouts of both.
   */
  static final Duration LEASE = Duration.ofSeconds(20);

  /** Orders, products and adjustments in one part, which takes Redis some milliseconds. */
  private static final int PART_SIZE = 250;

  private final Redis redis;
  private final String id;
  private LoadCommands part = new LoadCommands();
  private int partSize;
  private long written;

  BulkLoad(Redis redis, String id) {
    this.redis = redis;
    this.id = id;
  }

  /** Another instance has begun a load, or Redis was emptied or restarted. */
  public static final class Lost extends RuntimeException {
    private Lost() {
      super("Redis was emptied, or another instance has begun to load it");
    }
  }

  /**
   * Writes an order, its timeline and its pieces, and enters it in all lists.
   *
   * @throws Lost if Redis is not loaded by this load any more
   */
  public void write(OrderSnapshot order) {
    part.add(order);
    added();
  }

  /** Writes how many pieces of a product can be sold. */
  public void writeStock(String sku, long pieces) {
    part.addStock(sku, pieces);
    added();
  }

  /** Writes an adjustment that the stock includes. */
  public void writeAdjustment(
      String sku, String adjustment, long delta, String fingerprint, Instant recordedAt) {
    part.addAdjustment(sku, adjustment, delta, fingerprint, recordedAt.toEpochMilli());
    added();
  }

  private void added() {
    if (++partSize >= PART_SIZE) {
      send();
    }
  }

  /** How many orders, products and adjustments are in Redis. */
  public long written() {
    return written;
  }

  private void send() {
    List<String> keys = new ArrayList<>(List.of(Keys.LOADER));
    List<Object> arguments = new ArrayList<>(List.of(id, LEASE.toMillis()));
    part.addTo(keys, arguments);
    requireReply("WRITTEN", redis.runForText(Script.LOAD, keys, arguments));
    written += partSize;
    part = new LoadCommands();
    partSize = 0;
  }

  /**
   * Completes the load.
   *
   * @param boundary orders that were placed before it may be missing
   * @param positions what was written contains everything before them
   * @throws Lost if Redis is not loaded by this load any more
   */
  public void end(Instant boundary, Map<TopicPartition, Long> positions) {
    send();
    List<Object> arguments = new ArrayList<>(List.of(id, boundary.toEpochMilli()));
    positions.forEach((partition, position) -> {
      arguments.add(Keys.position(partition));
      arguments.add(position);
    });
    String reply =
        redis.runForText(
            Script.END_LOAD,
            List.of(Keys.LOADER, Keys.BOUNDARY, Keys.EVICTED, Keys.POSITIONS),
            arguments);
    requireReply("LOADED", reply);
  }

  private static void requireReply(String expected, String reply) {
    if (!reply.equals(expected)) {
      throw new Lost();
    }
  }
}
