package shop.order.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.order.OrderTimings;

/**
 * Compares the clock of Kafka's brokers with that of this instance, by the time at which a broker
 * appended a record. Deadlines rely on a small difference; see docs/clocks.md.
 */
@Component
public class BrokerClock implements MeterBinder {

  /** How long a difference hides smaller ones: brokers append in turn, and one may be wrong. */
  private static final Duration MEMORY = Duration.ofMinutes(1);

  private final Clock clock;
  private final Duration tolerated;
  private volatile Measurement last;

  /** A comparison that has not been made yet. */
  public BrokerClock(OrderTimings timings, Clock clock) {
    this.clock = clock;
    this.tolerated = timings.maxClockSkew();
    this.last = new Measurement(Duration.ZERO, Instant.EPOCH);
  }

  /** A difference that was measured at a time of this instance's clock. */
  private record Measurement(Duration difference, Instant at) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    TimeGauge.builder(
            "orders.clock.difference", () -> difference().toMillis(), TimeUnit.MILLISECONDS)
        .description(
            "By how much the clock of a Kafka broker is ahead of this service's, negative if"
                + " behind")
        .register(registry);
  }

  /**
   * Appends a record to a topic with {@code LogAppendTime}, waits for the acknowledgement, and
   * compares the clocks.
   *
   * @throws NotAcknowledged if there was no acknowledgement in time
   */
  public RecordMetadata append(
      KafkaTemplate<byte[], byte[]> kafka, ProducerRecord<byte[], byte[]> record) {
    var sent = clock.instant();
    var appended = Acknowledged.append(kafka, record);
    var acknowledged = clock.instant();
    remember(
        new Measurement(
            difference(sent, Instant.ofEpochMilli(appended.timestamp()), acknowledged),
            acknowledged));
    return appended;
  }

  private synchronized void remember(Measurement next) {
    boolean forgotten = last.at().plus(MEMORY).isBefore(next.at());
    if (forgotten || next.difference().abs().compareTo(last.difference().abs()) >= 0) {
      last = next;
    }
  }

  /**
   * The smallest difference that explains when a record was appended: zero if that was between
   * sending it and its acknowledgement, however long these are apart.
   */
  static Duration difference(Instant sent, Instant appended, Instant acknowledged) {
    if (appended.isAfter(acknowledged)) {
      return Duration.between(acknowledged, appended);
    }
    // A broker's time has whole milliseconds.
    var earliest = sent.minusMillis(1);
    return appended.isBefore(earliest) ? Duration.between(earliest, appended) : Duration.ZERO;
  }

  /** By how much the clock of a broker is ahead of this instance's; negative if it is behind. */
  Duration difference() {
    return last.difference();
  }

  /** A sentence about a difference that is not tolerated; empty if there is none. */
  public Optional<String> explanation() {
    var difference = difference();
    if (difference.abs().compareTo(tolerated) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The clock of Kafka is %.1f s %s that of order-service; at most %.1f s are tolerated",
            seconds(difference.abs()),
            difference.isNegative() ? "behind" : "ahead of",
            seconds(tolerated)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
