package shop.notification.order;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.event.UnnumberedTypes;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.queue.DeliveryQueue;

/**
 * Turns order events into deliveries. The offsets of a batch are committed after RabbitMQ has
 * confirmed all its deliveries; an unconfirmed batch is redelivered and produces the same delivery
 * ids.
 */
@Component
class OrderListener {

  static final String GROUP = "notification-service";

  private final DeliveryQueue queue;
  private final DeadLetterPublisher deadLetters;

  OrderListener(DeliveryQueue queue, DeadLetterPublisher deadLetters) {
    this.queue = queue;
    this.deadLetters = deadLetters;
  }

  @KafkaListener(
      id = GROUP,
      topics = {
        "#{T(shop.common.kafka.Topics).ORDERS.name()}",
        "#{T(shop.common.kafka.Topics).NOTIFICATION_REDRIVE.name()}"
      })
  void on(List<ConsumerRecord<byte[], byte[]>> records) {
    var batch = queue.newBatch();
    Map<ConsumerRecord<byte[], byte[]>, RuntimeException> failed = new LinkedHashMap<>();
    for (var record : records) {
      try {
        add(record, batch);
      } catch (RuntimeException e) {
        failed.put(record, e);
      }
    }
    batch.publish();
    // Only after RabbitMQ has confirmed: an unconfirmed batch is processed again as a whole.
    failed.forEach((record, cause) -> deadLetters.sendToDeadLetters(GROUP, record, cause, 1));
    records.stream()
        .filter(record -> !failed.containsKey(record))
        .filter(record -> isRedrivenOrderEvent(record))
        .forEach(record -> deadLetters.reportResolved(record.headers()));
  }

  private void add(ConsumerRecord<byte[], byte[]> record, DeliveryQueue.Batch batch) {
    Optional<Redrive> redrive = Redrive.of(record.headers());
    if (redrive.isPresent() && !redrive.get().group().equals(GROUP)) {
      return;
    }
    if (redrive.filter(DeliveryQueue::cameFromQueue).isPresent()) {
      batch.addRedriven(record.value(), record.headers());
      return;
    }
    var envelope = Envelope.of(record.headers());
    if (UnnumberedTypes.contains(envelope.type())) {
      return;
    }
    long sequence = envelope.requireSequence();
    var notice = OrderEvents.noticeOf(envelope, record.value());
    if (notice != null) {
      var delivery =
          Delivery.of(
              orderId(envelope), sequence, Channel.EMAIL, notice.customerId(), notice.notice());
      batch.add(delivery, envelope.time(), envelope.trace());
    }
  }

  /** A redriven event is resolved here, a redriven delivery when it is sent. */
  private static boolean isRedrivenOrderEvent(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers())
        .filter(redrive -> redrive.group().equals(GROUP))
        .filter(redrive -> !DeliveryQueue.cameFromQueue(redrive))
        .isPresent();
  }

  private static UUID orderId(Envelope envelope) {
    try {
      return UUID.fromString(envelope.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("ce_subject is not an order id", e);
    }
  }
}
