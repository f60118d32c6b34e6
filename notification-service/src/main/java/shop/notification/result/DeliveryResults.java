package shop.notification.result;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.id.Uuids;
import shop.common.kafka.Topics;
import shop.notification.Channel;
import shop.notification.Delivery;

/** Publishes the results of deliveries to the topic {@code notifications}. */
@Component
public final class DeliveryResults {

  static final String SENT = "shop.notification.sent.v1";
  static final String EXPIRED = "shop.notification.expired.v1";

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Clock clock;

  /** Results that are published with this template. */
  public DeliveryResults(KafkaTemplate<byte[], byte[]> kafka, Clock clock) {
    this.kafka = kafka;
    this.clock = clock;
  }

  /** Publishes that a delivery was sent at its attempt with this number, from 1. */
  public void sent(Delivery delivery, int attempts) {
    publish(SENT, delivery, Sent.of(delivery, attempts));
  }

  /** Publishes that the deadline of a delivery had passed. */
  public void expired(Delivery delivery) {
    publish(EXPIRED, delivery, Expired.of(delivery));
  }

  /**
   * Returns after Kafka has acknowledged the event. A result that is published twice has the same
   * id.
   */
  private void publish(String type, Delivery delivery, Object data) {
    var envelope =
        Envelope.of(type, "notification-service", delivery.orderId().toString(), clock.instant())
            .withId(Uuids.v5(delivery.id(), type).toString());
    try {
      kafka.send(envelope.record(Topics.NOTIFICATIONS.name(), data)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "Kafka did not acknowledge the result of delivery " + delivery.id(), e);
    }
  }

  /**
   * Data of {@link #SENT}.
   *
   * @param attempts the number of attempts, from 1
   */
  record Sent(UUID deliveryId, long orderSequence, Channel channel, String template, int attempts) {

    static Sent of(Delivery delivery, int attempts) {
      return new Sent(
          delivery.id(),
          delivery.orderSequence(),
          delivery.channel(),
          delivery.notice().template(),
          attempts);
    }
  }

  /** Data of {@link #EXPIRED}. */
  record Expired(UUID deliveryId, long orderSequence, Channel channel, String template) {

    static Expired of(Delivery delivery) {
      return new Expired(
          delivery.id(),
          delivery.orderSequence(),
          delivery.channel(),
          delivery.notice().template());
    }
  }
}
