package shop.analytics.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.analytics.Bucket;
import shop.analytics.BucketSize;
import shop.analytics.Figures;

/**
 * An in-memory view of the topic {@code figures}: the current figures of every hour and day with
 * events, and of every recent minute, by bucket size and start. A {@link
 * shop.common.kafka.TopicFollower} fills it on every instance, and requests are served from it.
 *
 * <p>14 days of minutes take up to 10 MB, and ten years of hours and days 50 MB.
 */
public final class Board {

  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final Map<BucketSize, NavigableMap<Instant, PackedFigures>> figures =
      new EnumMap<>(BucketSize.class);
  private final Duration recentMinutes;
  private final Clock clock;

  Board(Duration recentMinutes, Clock clock) {
    this.recentMinutes = recentMinutes;
    this.clock = clock;
    for (var size : BucketSize.values()) {
      figures.put(size, new ConcurrentSkipListMap<>());
    }
  }

  /** A bucket's start and figures. */
  public record Entry(Instant start, Figures figures) {}

  /** The start of the oldest buckets of a size that the board holds. */
  public Instant oldest(BucketSize size) {
    return switch (size) {
      case MINUTE -> size.at(clock.instant().minus(recentMinutes)).start();
      case HOUR, DAY -> Instant.MIN;
    };
  }

  /**
   * The first buckets that start in a range, {@code from} inclusive and {@code to} exclusive, in
   * ascending order.
   *
   * @param limit how many at most
   */
  public List<Entry> between(BucketSize size, Instant from, Instant to, int limit) {
    return buckets(size).subMap(from, true, to, false).entrySet().stream()
        .limit(limit)
        .map(bucket -> new Entry(bucket.getKey(), bucket.getValue().unpack()))
        .toList();
  }

  /**
   * The sum of the buckets that start in a range, {@code from} inclusive and {@code to} exclusive.
   */
  public Figures sum(BucketSize size, Instant from, Instant to) {
    return between(size, from, to, Integer.MAX_VALUE).stream()
        .map(Entry::figures)
        .reduce(Figures.NONE, Figures::plus);
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
    var oldest = oldest(bucket.size());
    var buckets = buckets(bucket.size());
    buckets.headMap(oldest).clear();
    if (value == null) {
      buckets.remove(bucket.start());
    } else if (!bucket.start().isBefore(oldest)) {
      buckets.put(bucket.start(), PackedFigures.of(value));
    }
  }

  @SuppressWarnings("NullAway") // the constructor adds a map for every size
  private NavigableMap<Instant, PackedFigures> buckets(BucketSize size) {
    return figures.get(size);
  }
}
