package shop.payment.messaging;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.database.ReadModel;
import shop.payment.LoggedEvent;
import shop.payment.archive.PaymentTables;

/**
 * Applies the log to the tables, by the same reading as {@link PaymentLog} applies it to memory.
 */
final class PaymentArchive implements ReadModel {

  private static final Logger log = LoggerFactory.getLogger(PaymentArchive.class);

  private final PaymentTables tables;

  PaymentArchive(PaymentTables tables) {
    this.tables = tables;
  }

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    tables.apply(records.stream().flatMap(PaymentArchive::read).toList());
  }

  private static Stream<LoggedEvent> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return PaymentRecords.read(record).stream();
    } catch (RuntimeException e) {
      // Memory skips it, too, and says so.
      log.debug("Skipping {}-{}@{}", record.topic(), record.partition(), record.offset(), e);
      return Stream.empty();
    }
  }

  @Override
  public void truncate() {
    tables.truncate();
  }
}
