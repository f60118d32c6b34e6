package shop.analytics.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.analytics.Bucket;
import shop.analytics.BucketSize;
import shop.analytics.Figures;
import shop.common.json.Json;

/**
 * An in-memory view of the topic {@code figures}: the current figures of every bucket with events,
 * by bucket size and start. A {@link shop.common.kafka.TopicFollower} fills it on every instance,
 * and requests are served from it.
 */
public final class Board {

  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final Map<BucketSize, NavigableMap<Instant, Figures>> figures =
      new EnumMap<>(BucketSize.class);

  Board() {
    for (var size : BucketSize.values()) {
      figures.put(size, new ConcurrentSkipListMap<>());
    }
  }

  /**
   * The buckets that start in a range, {@code from} inclusive and {@code to} exclusive, in
   * ascending order. A live view.
   */
  public NavigableMap<Instant, Figures> between(BucketSize size, Instant from, Instant to) {
    return buckets(size).subMap(from, true, to, false);
  }

  /**
   * The sum of the buckets that start in a range, {@code from} inclusive and {@code to} exclusive.
   */
  public Figures sum(BucketSize size, Instant from, Instant to) {
    return between(size, from, to).values().stream().reduce(Figures.NONE, Figures::plus);
  }

  void update(ConsumerRecord<byte[], byte[]> record) {
    try {
      update(Bucket.of(new String(record.key(), UTF_8)), record.value());
    } catch (RuntimeException e) {
      log.error(
          "Skipping the record at offset {} of {}-{}: it contains no figures that this version can read",
          record.offset(),
          record.topic(),
          record.partition(),
          e);
    }
  }

  private void update(Bucket bucket, byte[] value) {
    if (value == null) {
      buckets(bucket.size()).remove(bucket.start());
    } else {
      buckets(bucket.size()).put(bucket.start(), Json.read(value, Figures.class));
    }
  }

  @SuppressWarnings("NullAway") // the constructor adds a map for every size
  private NavigableMap<Instant, Figures> buckets(BucketSize size) {
    return figures.get(size);
  }
}
