package shop.notification.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.id.Uuids;
import shop.notification.Shopper;
import shop.notification.TestSchema;
import shop.notification.TestTopics;

@Tag("slow")
class DeliveryTableTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");

  private final TestSchema schema = new TestSchema();
  private final DeliveryTable table = new DeliveryTable(schema.jdbc());
  private final ResultRecords records = new ResultRecords(table);
  private final Shopper ada = Shopper.random();
  private final UUID order = UUID.randomUUID();

  @AfterEach
  void close() {
    schema.close();
  }

  @Test
  void resultIsStoredOnce() {
    records.apply(List.of(sent(1, 2, NOW), sent(1, 3, NOW)));
    records.apply(List.of(sent(1, 4, NOW)));

    assertThat(schema.jdbc().sql("SELECT * FROM deliveries").query().singleRow())
        .containsEntry("id", delivery(1))
        .containsEntry("order_id", order)
        .containsEntry("order_sequence", 1L)
        .containsEntry("channel", "email")
        .containsEntry("template", "order-placed")
        .containsEntry("attempts", 2)
        .containsEntry("sent", true);
    assertThat(table.wasSent(delivery(1))).isTrue();
    assertThat(table.wasSent(delivery(2))).isFalse();
  }

  @Test
  void expiredDeliveryCountsAsSentOnlyAfterItWasRedrivenAndSent() {
    records.apply(List.of(expired(1)));
    assertThat(table.wasSent(delivery(1))).isFalse();

    records.apply(List.of(expired(1), sent(1, 1, NOW)));
    assertThat(table.wasSent(delivery(1))).isTrue();

    records.apply(List.of(expired(1)));

    assertThat(table.wasSent(delivery(1))).isTrue();
  }

  @Test
  void malformedRecordsAreSkipped() {
    var result = ada.result(order, 1, DeliveryResults.SENT, Map.of("attempts", 1));
    var malformed =
        new ProducerRecord<>(
            result.topic(), null, result.key(), new byte[] {'{'}, result.headers());
    var nul = ada.result(order, 2, DeliveryResults.SENT, Map.of("attempts", 1));
    nul.headers().add("ce_subject", new byte[] {0});

    records.apply(List.of(TestTopics.read(malformed, 0), TestTopics.read(nul, 0), sent(3, 1, NOW)));

    assertThat(count()).isEqualTo(1);
    assertThat(table.wasSent(delivery(3))).isTrue();
  }

  @Test
  void resultsAreDeletedAfterTheirRetention() {
    var old = NOW.minus(Duration.ofDays(90)).minusMillis(1);
    for (int i = 1; i <= 6000; i += 500) {
      int first = i;
      records.apply(IntStream.range(0, 500).mapToObj(n -> sent(first + n, 1, old)).toList());
    }
    records.apply(List.of(sent(7000, 1, NOW.minus(Duration.ofDays(90)))));
    var settings = new ResultSettings(Duration.ofDays(90), Duration.ofMinutes(1));

    new ResultCleanup(table, settings, Clock.fixed(NOW, ZoneOffset.UTC)).clean();

    assertThat(count()).isEqualTo(1);
    assertThat(table.wasSent(delivery(7000))).isTrue();
  }

  private ConsumerRecord<byte[], byte[]> sent(long sequence, int attempts, Instant at) {
    return TestTopics.read(
        ada.result(order, sequence, DeliveryResults.SENT, Map.of("attempts", attempts)),
        at.toEpochMilli());
  }

  private ConsumerRecord<byte[], byte[]> expired(long sequence) {
    return TestTopics.read(
        ada.result(order, sequence, DeliveryResults.EXPIRED, Map.of()), NOW.toEpochMilli());
  }

  private UUID delivery(long sequence) {
    return Uuids.v5(order, sequence + "/email/" + ada.id());
  }

  private long count() {
    return schema.jdbc().sql("SELECT count(*) FROM deliveries").query(Long.class).single();
  }
}
