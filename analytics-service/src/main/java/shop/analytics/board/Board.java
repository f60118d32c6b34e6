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
import shop.common.json.MalformedJson;

/** The newest figures of every bucket in which something happened. */
public final class Board {

  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final Map<BucketSize, NavigableMap<Instant, Figures>> figures =
      new EnumMap<>(BucketSize.class);

  Board() {
    for (var size : BucketSize.values()) {
      figures.put(size, new ConcurrentSkipListMap<>());
    }
  }

  /** Buckets that start at or after one moment and before another, in order. A live view. */
  public NavigableMap<Instant, Figures> between(BucketSize size, Instant from, Instant to) {
    return of(size).subMap(from, true, to, false);
  }

  /** All of these buckets together. */
  public Figures sum(BucketSize size, Instant from, Instant to) {
    return between(size, from, to).values().stream().reduce(Figures.NONE, Figures::plus);
  }

  void show(ConsumerRecord<byte[], byte[]> record) {
    try {
      show(Bucket.of(new String(record.key(), UTF_8)), record.value());
    } catch (IllegalArgumentException | MalformedJson e) {
      log.error(
          "Record {} of {}-{} holds no figures of this version and is left out",
          record.offset(),
          record.topic(),
          record.partition(),
          e);
    }
  }

  private void show(Bucket bucket, byte[] value) {
    if (value == null) {
      of(bucket.size()).remove(bucket.start());
    } else {
      of(bucket.size()).put(bucket.start(), Json.read(value, Figures.class));
    }
  }

  @SuppressWarnings("NullAway") // every size has its map
  private NavigableMap<Instant, Figures> of(BucketSize size) {
    return figures.get(size);
  }
}
