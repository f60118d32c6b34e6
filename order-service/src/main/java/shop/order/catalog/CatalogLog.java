package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;

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
    var envelope = Envelope.of(type, "order-service", sku, clock.instant()).withId(id);
    try {
      Acknowledged.append(kafka, envelope.record(Topics.CATALOG.name(), data));
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
