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
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.order.Deadline;
import shop.order.StockAdjusted;
import shop.order.kafka.BrokerClock;
import shop.order.kafka.DeadlineHeader;

/** Appends to {@code catalog}, the log of products and stock. */
@Component
class CatalogLog {

  private static final Logger log = LoggerFactory.getLogger(CatalogLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final BrokerClock brokerClock;
  private final Clock clock;

  CatalogLog(KafkaTemplate<byte[], byte[]> kafka, BrokerClock brokerClock, Clock clock) {
    this.kafka = kafka;
    this.brokerClock = brokerClock;
    this.clock = clock;
  }

  /**
   * Appends an event and waits for the acknowledgement.
   *
   * @throws Problem 503 without an acknowledgement in time: the event may or may not be in the log
   */
  void append(String id, String type, String sku, Object data) {
    append(id, sku, record(id, type, sku, data));
  }

  /**
   * Appends an adjustment of the stock in the same way.
   *
   * @param deadline an adjustment that is appended later is ignored
   * @throws Problem 503 also if the adjustment was appended after its deadline
   */
  void append(String id, StockAdjusted adjusted, Deadline deadline) {
    var record = record(id, StockAdjusted.TYPE, adjusted.sku(), adjusted);
    DeadlineHeader.write(record.headers(), deadline);
    if (deadline.isMissed(append(id, adjusted.sku(), record).timestamp())) {
      log.warn(
          "Stock adjustment {} of {} was appended after its deadline and is ignored; the request"
              + " gets 503",
          id,
          adjusted.sku());
      throw brokerClock
          .explanation()
          .map(CatalogLog::clocksDiffer)
          .orElseGet(CatalogLog::resultUnknown);
    }
  }

  private static Problem clocksDiffer(String explanation) {
    return Problem.unavailable(
        explanation + ", so the change was not applied. Repeat the same request later",
        Duration.ofSeconds(30));
  }

  private ProducerRecord<byte[], byte[]> record(String id, String type, String sku, Object data) {
    return Envelope.of(type, "order-service", sku, clock.instant())
        .withId(id)
        .record(Topics.CATALOG.name(), data);
  }

  private RecordMetadata append(String id, String sku, ProducerRecord<byte[], byte[]> record) {
    try {
      return brokerClock.append(kafka, record);
    } catch (NotAcknowledged e) {
      log.warn(
          "Kafka did not acknowledge catalog event {} of {} in time; the request gets 503",
          id,
          sku,
          e);
      throw resultUnknown();
    }
  }

  /** The change may or may not have been applied; repeating the request is safe. */
  static Problem resultUnknown() {
    return Problem.unavailable(
        "It is not known yet whether the change was applied. Repeat the same request",
        Duration.ofSeconds(2));
  }
}
