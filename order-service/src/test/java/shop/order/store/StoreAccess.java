package shop.order.store;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import shop.order.redis.Redis;

/** Parts of the store for a Redis that no service uses. */
public final class StoreAccess {

  private StoreAccess() {}

  public static Positions positions(Redis redis) {
    return new Positions(redis);
  }

  public static BulkLoads loads(Redis redis) {
    return new BulkLoads(redis);
  }

  /** Applies records of a partition in one batch, as the projector does. */
  public static ApplyResult apply(
      Redis redis,
      TopicPartition partition,
      List<GeneratedLog.LogRecord> records,
      long begin,
      long end) {
    var batch = new Positions(redis).batchFrom(partition, begin);
    records.forEach(record -> record.addTo(batch.changes()));
    batch.extendTo(end);
    var result = batch.apply();
    redis.flush();
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }
}
