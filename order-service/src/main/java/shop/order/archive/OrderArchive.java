package shop.order.archive;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.database.PartitionBlocked;
import shop.common.database.ReadModel;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.order.ConsumerGroups;
import shop.order.changes.LogChanges;
import shop.order.changes.LogRecords;

/** Applies the log to the tables, by the same rules as the projection applies it to Redis. */
@Component
class OrderArchive implements ReadModel {

  private static final Logger log = LoggerFactory.getLogger(OrderArchive.class);

  private final OrderTables tables;
  private final LogRecords logRecords = new LogRecords(_ -> null, (_, _) -> false);

  OrderArchive(OrderTables tables) {
    this.tables = tables;
  }

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    var changes = new LogChanges();
    records.forEach(record -> add(changes, record));
    try {
      tables.apply(changes);
    } catch (OrderTables.MissingEvent e) {
      throw blocked(records, e);
    }
  }

  /** The projection sends malformed records to the dead letters; they come again redriven. */
  private void add(LogChanges changes, ConsumerRecord<byte[], byte[]> record) {
    if (Redrive.isForOtherGroup(record.headers(), ConsumerGroups.ORDER_VIEW)) {
      return;
    }
    try {
      logRecords.addTo(changes, record);
    } catch (RuntimeException e) {
      log.debug(
          "Skipping the malformed record {}-{}@{}",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
  }

  /** Blocks the partition of the event that does not follow. */
  private static RuntimeException blocked(
      List<ConsumerRecord<byte[], byte[]>> records, OrderTables.MissingEvent missing) {
    return records.stream()
        .filter(record -> isNext(record, missing))
        .findFirst()
        .<RuntimeException>map(record ->
            new PartitionBlocked(
                new TopicPartition(record.topic(), record.partition()),
                record.offset(),
                "an earlier event of order %s is missing".formatted(missing.id())))
        .orElse(missing);
  }

  private static boolean isNext(
      ConsumerRecord<byte[], byte[]> record, OrderTables.MissingEvent missing) {
    try {
      var envelope = Envelope.of(record.headers());
      return envelope.subject().equalsIgnoreCase(missing.id().toString())
          && Long.valueOf(missing.sequence()).equals(envelope.sequence());
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void truncate() {
    tables.truncate();
  }
}
