package shop.analytics.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import shop.analytics.Bucket;
import shop.analytics.BucketSize;
import shop.analytics.Figures;
import shop.analytics.Histogram;
import shop.common.json.Json;

class BoardTest {

  private static final Duration RECENT = Duration.ofDays(14);
  private static final Instant OLDEST = Instant.parse("2026-11-07T09:30:00Z");

  private final SettableClock clock = new SettableClock();
  private final Board board = new Board(RECENT, clock);

  @Test
  void figuresAreReturnedAsTheyWereWritten() {
    var figures =
        new Figures(
            9,
            7,
            1,
            1,
            1,
            new TreeMap<>(Map.of("EUR", 123456L, "JPY", 5L)),
            new TreeMap<>(Map.of("EUR", 99L)),
            new TreeMap<>(Map.of("insufficient_funds", 1L)),
            Histogram.of(Duration.ofMillis(800)));
    var hour = BucketSize.HOUR.at(clock.instant());

    board.update(record(hour, Json.bytes(figures)));

    assertThat(all(BucketSize.HOUR)).containsExactly(new Board.Entry(hour.start(), figures));
    assertThat(board.sum(BucketSize.HOUR, hour.start(), clock.instant())).isEqualTo(figures);
  }

  @Test
  void minutesThatAreNotRecentAreNeitherAddedNorHeld() {
    count(BucketSize.MINUTE, OLDEST.minusSeconds(60));
    count(BucketSize.MINUTE, OLDEST);
    assertThat(all(BucketSize.MINUTE)).extracting(Board.Entry::start).containsExactly(OLDEST);
    assertThat(board.oldest(BucketSize.MINUTE)).isEqualTo(OLDEST);

    // and when a minute has passed
    clock.now = clock.now.plusSeconds(60);
    count(BucketSize.MINUTE, clock.now);

    assertThat(all(BucketSize.MINUTE))
        .extracting(Board.Entry::start)
        .containsExactly(BucketSize.MINUTE.at(clock.now).start());
  }

  @Test
  void hoursAndDaysAreHeldForEver() {
    var old = Instant.parse("2016-11-07T00:00:00Z");
    count(BucketSize.HOUR, old);
    count(BucketSize.DAY, old);
    count(BucketSize.HOUR, clock.instant());
    count(BucketSize.DAY, clock.instant());

    assertThat(all(BucketSize.HOUR)).hasSize(2);
    assertThat(all(BucketSize.DAY)).hasSize(2);
  }

  @Test
  void malformedRecordsAreSkippedAndTombstonesRemoveABucket() {
    var day = BucketSize.DAY.at(clock.instant());
    count(BucketSize.DAY, clock.instant());

    board.update(record(day, new byte[] {'{'}));
    assertThat(all(BucketSize.DAY)).hasSize(1);

    board.update(record(day, null));
    assertThat(all(BucketSize.DAY)).isEmpty();
  }

  private void count(BucketSize size, Instant at) {
    board.update(record(size.at(at), Json.bytes(Figures.NONE)));
  }

  private List<Board.Entry> all(BucketSize size) {
    return board.between(size, Instant.MIN, Instant.MAX, Integer.MAX_VALUE);
  }

  private static ConsumerRecord<byte[], byte[]> record(Bucket bucket, byte[] value) {
    return new ConsumerRecord<>("figures", 0, 0, bucket.key().getBytes(UTF_8), value);
  }

  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-11-21T09:30:30Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
