package shop.order;

import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.Map;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;

/** Stands in for payment-service, which reports facts only about orders that are in the log. */
public final class PaymentFacts {

  private PaymentFacts() {}

  /** Appends a fact as soon as the log contains the order. */
  public static void publish(
      KafkaTemplate<byte[], byte[]> kafka,
      TestOrders customer,
      String orderId,
      String type,
      Map<String, ?> data) {
    await().until(() -> customer.order(orderId).path("version").asInt() > 0);
    kafka
        .send(
            Envelope.of(type, "payment-service", orderId, Instant.now())
                .record(Topics.PAYMENTS.name(), data))
        .join();
  }
}
