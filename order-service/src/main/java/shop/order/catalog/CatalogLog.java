package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.order.Deadline;

/** The log of products and stock, as those who write it see it. */
@Component
class CatalogLog {

  private static final Logger log = LoggerFactory.getLogger(CatalogLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Clock clock;

  CatalogLog(KafkaTemplate<byte[], byte[]> kafka, Clock clock) {
    this.kafka = kafka;
    this.clock = clock;
  }

  /**
   * Appends an event and waits for the acknowledgement.
   *
   * @throws Problem 503 if there was none in time: it may be in the log or not
   */
  void append(String id, String type, String sku, Object data) {
    append(id, sku, record(id, type, sku, data));
  }

  /**
   * Appends an adjustment of the stock in the same way.
   *
   * @param deadline what is appended later counts for nobody
   * @throws Problem 503 also if it was too late
   */
  void append(String id, StockAdjusted adjusted, Deadline deadline) {
    var record = record(id, StockAdjusted.TYPE, adjusted.sku(), adjusted);
    deadline.mark(record.headers());
    if (deadline.isMissed(append(id, adjusted.sku(), record).timestamp())) {
      log.warn("The adjustment {} of {} came too late", id, adjusted.sku());
      throw unknown();
    }
  }

  private ProducerRecord<byte[], byte[]> record(String id, String type, String sku, Object data) {
    return Envelope.of(type, "order-service", sku, clock.instant())
        .withId(id)
        .record(Topics.CATALOG.name(), data);
  }

  private RecordMetadata append(String id, String sku, ProducerRecord<byte[], byte[]> record) {
    try {
      return Acknowledged.append(kafka, record);
    } catch (NotAcknowledged e) {
      log.warn("The catalog's event {} of {} is not acknowledged", id, sku, e);
      throw unknown();
    }
  }

  /** The change may count or not; asking again is safe. */
  static Problem unknown() {
    return Problem.unavailable(
        "It is not known yet what became of the change. Repeat the same request",
        Duration.ofSeconds(2));
  }
}
