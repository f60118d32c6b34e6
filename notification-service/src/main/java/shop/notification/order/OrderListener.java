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
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.contact.Contacts;
import shop.notification.contact.ContactsUnavailable;
import shop.notification.queue.Deliveries;

/**
 * Turns the events of orders into deliveries. A batch's offsets are committed after RabbitMQ has
 * confirmed all its deliveries; a batch that it does not confirm comes again, with the same ids.
 */
@Component
class OrderListener {

  static final String GROUP = "notification-service";

  private final Contacts contacts;
  private final Deliveries deliveries;
  private final DeadLetterPublisher deadLetters;

  OrderListener(Contacts contacts, Deliveries deliveries, DeadLetterPublisher deadLetters) {
    this.contacts = contacts;
    this.deliveries = deliveries;
    this.deadLetters = deadLetters;
  }

  @KafkaListener(
      id = GROUP,
      topics = {
        "#{T(shop.common.kafka.Topics).ORDERS.name()}",
        "#{T(shop.common.kafka.Topics).NOTIFICATION_REDRIVE.name()}"
      })
  void on(List<ConsumerRecord<byte[], byte[]>> records) {
    var batch = deliveries.batch();
    Map<ConsumerRecord<byte[], byte[]>, RuntimeException> hopeless = new LinkedHashMap<>();
    for (var record : records) {
      try {
        add(record, batch);
      } catch (ContactsUnavailable e) {
        throw e;
      } catch (RuntimeException e) {
        hopeless.put(record, e);
      }
    }
    batch.publish();
    // Only now: while RabbitMQ is away, nothing of the batch is decided.
    hopeless.forEach((record, cause) -> deadLetters.sendToDeadLetters(GROUP, record, cause, 1));
    records.stream()
        .filter(record -> !hopeless.containsKey(record))
        .filter(record -> isMadeHere(record))
        .forEach(record -> deadLetters.reportResolved(record.headers()));
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Deliveries.Batch batch) {
    Optional<Redrive> redrive = Redrive.of(record.headers());
    if (redrive.isPresent() && !redrive.get().group().equals(GROUP)) {
      return;
    }
    if (redrive.filter(Deliveries::cameFromQueue).isPresent()) {
      batch.addRedriven(record.value(), record.headers());
      return;
    }
    var envelope = Envelope.of(record.headers());
    if (envelope.type().equals(OrderEvents.COMMAND_ANSWERED)) {
      return;
    }
    long sequence = envelope.requireSequence();
    var toCustomer = OrderEvents.toCustomer(envelope, record.value());
    if (toCustomer != null) {
      var customer = toCustomer.customerId();
      var _ = contacts.of(customer);
      var delivery =
          Delivery.of(orderId(envelope), sequence, Channel.EMAIL, customer, toCustomer.notice());
      batch.add(delivery, envelope.time(), envelope.trace());
    }
  }

  /** A delivery that was sent back to its queue has gone through when it is sent, not here. */
  private static boolean isMadeHere(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers())
        .filter(redrive -> redrive.group().equals(GROUP))
        .filter(redrive -> !Deliveries.cameFromQueue(redrive))
        .isPresent();
  }

  private static UUID orderId(Envelope envelope) {
    try {
      return UUID.fromString(envelope.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("ce_subject is no order id", e);
    }
  }
}
