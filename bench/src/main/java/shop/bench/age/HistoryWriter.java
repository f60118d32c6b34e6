package shop.bench.age;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import shop.bench.platform.EventHeaders;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a history to Kafka as the services do: the events with their times, the placements of the
 * last 30 days to {@code order-commands}, the results of the last 90 days to {@code notifications},
 * and the states of the orders to the changelog of the order processor. What happened at the
 * payment provider goes to its ledger.
 */
final class HistoryWriter implements History.Sink, AutoCloseable {

  private static final Duration COMMANDS_KEPT = Duration.ofDays(30);
  private static final Duration NOTIFICATIONS_KEPT = Duration.ofDays(90);
  private static final int PROGRESS = 100_000;
  private static final JsonMapper JSON = new JsonMapper();

  private final KafkaProducer<byte[], byte[]> producer;
  private final ProviderHistory provider;
  private final String changelog;
  private final Instant now;
  private volatile @Nullable Exception failure;
  private int placed;

  /**
   * A writer.
   *
   * @param sandbox the base URL of the payment sandbox
   * @param changelog the topic of the order processor's states
   * @param now the end of the history
   */
  HistoryWriter(String bootstrapServers, URI sandbox, String changelog, Instant now) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "linger.ms",
                50,
                "batch.size",
                256 << 10,
                "compression.type",
                "lz4",
                "buffer.memory",
                64 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.provider = new ProviderHistory(sandbox);
    this.changelog = changelog;
    this.now = now;
  }

  @Override
  public void append(OrderLifecycle order, Step step) {
    for (var event : step.events()) {
      if (event.topic().equals("notifications") && isOlder(event.at(), NOTIFICATIONS_KEPT)) {
        continue;
      }
      byte[] data = JSON.writeValueAsBytes(event.data());
      send(record(order, event.topic(), event.type(), event.at(), event.sequence(), data));
      if (event.type().equals("shop.order.placed.v1")) {
        place(order, event.at(), data);
      }
    }
    provider.append(step.facts());
  }

  private void place(OrderLifecycle order, Instant at, byte[] data) {
    if (!isOlder(at, COMMANDS_KEPT)) {
      var command = record(order, "order-commands", "shop.order.place.v1", at, 0, data);
      EventHeaders.add(command, "deadline", at.plusSeconds(12).toString());
      send(command);
    }
    if (++placed % PROGRESS == 0) {
      System.out.printf("  %,d orders%n", placed);
    }
  }

  private boolean isOlder(Instant time, Duration age) {
    return time.isBefore(now.minus(age));
  }

  @Override
  public void end(OrderLifecycle order, int steps) {
    send(
        new ProducerRecord<>(
            changelog,
            null,
            order.steps().get(steps - 1).at().toEpochMilli(),
            key(order),
            JSON.writeValueAsBytes(order.stateAfter(steps))));
  }

  private static ProducerRecord<byte[], byte[]> record(
      OrderLifecycle order, String topic, String type, Instant at, int sequence, byte[] data) {
    var record =
        new ProducerRecord<byte[], byte[]>(topic, null, at.toEpochMilli(), key(order), data);
    var source =
        switch (topic) {
          case "payments" -> "payment-service";
          case "notifications" -> "notification-service";
          default -> "order-service";
        };
    EventHeaders.add(record, type, source, order.id().toString(), at.toString(), sequence);
    return record;
  }

  private static byte[] key(OrderLifecycle order) {
    return order.id().toString().getBytes(UTF_8);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    var _ =
        producer.send(
            record,
            (_, e) -> {
              if (e != null) {
                failure = e;
              }
            });
  }

  /**
   * Waits until everything is written.
   *
   * @throws IOException if something could not be
   */
  void finish() throws IOException {
    provider.flush();
    producer.flush();
    var failed = failure;
    if (failed != null) {
      throw new IOException("The history could not be written", failed);
    }
  }

  @Override
  public void close() {
    producer.close();
    provider.close();
  }
}
