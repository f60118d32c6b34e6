package shop.notification.result;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.database.ReadModel;
import shop.common.event.Envelope;
import shop.common.json.Json;

/** Applies the topic {@code notifications} to the table of results. */
@Component
class ResultRecords implements ReadModel {

  private static final Logger log = LoggerFactory.getLogger(ResultRecords.class);

  private final DeliveryTable deliveries;

  ResultRecords(DeliveryTable deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<UUID, DeliveryRow> rows = new TreeMap<>();
    for (var record : records) {
      try {
        var envelope = Envelope.of(record.headers());
        if (envelope.type().equals(DeliveryResults.SENT)
            || envelope.type().equals(DeliveryResults.EXPIRED)) {
          var row = row(record, envelope);
          rows.merge(row.id(), row, DeliveryRow::first);
        }
      } catch (RuntimeException e) {
        // It says nothing about any delivery, so none counts as sent because of it.
        log.error(
            "Skipping the malformed record {}-{}@{}",
            record.topic(),
            record.partition(),
            record.offset(),
            e);
      }
    }
    if (!rows.isEmpty()) {
      deliveries.write(List.copyOf(rows.values()));
    }
  }

  private static DeliveryRow row(ConsumerRecord<byte[], byte[]> record, Envelope envelope) {
    var result = Json.read(record.value(), Result.class);
    return new DeliveryRow(
        result.deliveryId(),
        UUID.fromString(envelope.subject()),
        result.orderSequence(),
        result.channel(),
        result.template(),
        result.attempts(),
        envelope.type().equals(DeliveryResults.SENT),
        // The time by which the topic keeps the record.
        Instant.ofEpochMilli(Math.max(0, record.timestamp())));
  }

  @Override
  public void truncate() {
    deliveries.truncate();
  }

  /** Data of both types. */
  record Result(
      UUID deliveryId,
      long orderSequence,
      String channel,
      String template,
      @Nullable Integer attempts) {
    Result {
      requireNonNull(deliveryId, "deliveryId");
      requireNonNull(channel, "channel");
      requireNonNull(template, "template");
    }
  }
}
