package shop.notification.queue;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import shop.notification.Delivery;
import shop.notification.DeliveryDeferred;
import shop.notification.Messenger;
import shop.notification.PermanentDeliveryFailure;
import shop.notification.result.DeliveryResults;
import shop.notification.result.DeliveryTable;

/** Sends the deliveries of one channel and records the result of each attempt. */
final class DeliveryWorker {

  private static final Logger log = LoggerFactory.getLogger(DeliveryWorker.class);

  private final Messenger messenger;
  private final RecentDeliveries recent;
  private final DeliveryTable deliveries;
  private final DeliveryResults results;
  private final DeliveryDeadLetters deadLetters;
  private final TaskPublisher publisher;
  private final QueueSettings settings;
  private final Clock clock;
  private final MeterRegistry meters;

  DeliveryWorker(
      Messenger messenger,
      RecentDeliveries recent,
      DeliveryTable deliveries,
      DeliveryResults results,
      DeliveryDeadLetters deadLetters,
      TaskPublisher publisher,
      QueueSettings settings,
      Clock clock,
      MeterRegistry meters) {
    this.messenger = messenger;
    this.recent = recent;
    this.deliveries = deliveries;
    this.results = results;
    this.deadLetters = deadLetters;
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Attempts a delivery and returns after the result is stored, in Kafka or in a queue. Only then
   * may the message be acknowledged.
   *
   * @throws QueueUnavailable if neither Kafka nor RabbitMQ stored the result
   */
  void work(Task task) {
    try (var _ = task.trace().open()) {
      var result = attempt(task);
      try {
        handle(task, result);
      } catch (QueueUnavailable e) {
        throw e;
      } catch (RuntimeException e) {
        var delay = settings.delayAfter(2);
        log.warn(
            "The result of delivery {} could not be published; retrying in {}",
            task.id(),
            delay,
            e);
        publisher.publishDelayed(messenger.channel(), task, delay);
      }
    }
  }

  private DeliveryResult attempt(Task task) {
    try {
      var delivery = task.delivery();
      var deadline = task.deadline();
      return switch (recent.begin(delivery.id())) {
        case NEW -> send(delivery, deadline);
        case IN_PROGRESS -> new DeliveryResult.InProgress();
        case SENT -> duplicate(delivery);
      };
    } catch (RuntimeException e) {
      return new DeliveryResult.NonRetryable(e);
    }
  }

  private DeliveryResult send(Delivery delivery, Instant deadline) {
    boolean wasSent = false;
    try {
      if (deliveries.wasSent(delivery.id())) {
        return duplicate(delivery);
      }
      if (clock.instant().isAfter(deadline)) {
        return new DeliveryResult.Expired(delivery);
      }
      messenger.send(delivery);
      wasSent = true;
      return new DeliveryResult.Sent(delivery);
    } catch (DeliveryDeferred | DataAccessException e) {
      return new DeliveryResult.Deferred(e);
    } catch (PermanentDeliveryFailure e) {
      return new DeliveryResult.NonRetryable(e);
    } catch (RuntimeException e) {
      return new DeliveryResult.Retryable(e);
    } finally {
      recent.end(delivery.id(), wasSent);
    }
  }

  /** Its result is published again: the earlier one may be missing. */
  private DeliveryResult duplicate(Delivery delivery) {
    count("duplicate");
    return new DeliveryResult.Sent(delivery);
  }

  private void handle(Task task, DeliveryResult result) {
    int attempts = task.attempts() + 1;
    switch (result) {
      case DeliveryResult.Sent(Delivery delivery) -> {
        results.sent(delivery, attempts);
        deadLetters.resolved(task);
        count("sent");
        log.debug("Sent {} delivery {}", messenger.channel().label(), delivery.id());
      }
      case DeliveryResult.Expired(Delivery delivery) -> {
        results.expired(delivery);
        deadLetters.resolved(task);
        count("expired");
        log.info("Delivery {} has expired and was not sent", delivery.id());
      }
      case DeliveryResult.InProgress _ ->
          publisher.publishDelayed(messenger.channel(), task, settings.delayAfter(1));
      case DeliveryResult.Deferred(RuntimeException cause) -> defer(task, cause);
      case DeliveryResult.NonRetryable(RuntimeException cause) -> deadLetter(task, cause, attempts);
      case DeliveryResult.Retryable(RuntimeException cause)
          when attempts >= settings.maxAttempts() ->
          deadLetter(task, cause, attempts);
      case DeliveryResult.Retryable(RuntimeException cause) -> {
        var delay = settings.delayAfter(attempts);
        publisher.publishDelayed(messenger.channel(), task.afterAttempts(attempts), delay);
        count("retried");
        log.warn(
            "Attempt {} of delivery {} failed; retrying in {}: {}",
            attempts,
            task.id(),
            delay,
            cause.toString());
      }
    }
  }

  /**
   * Queues the task again as it is: neither its attempts nor RabbitMQ's redeliveries are used up.
   * The pause keeps workers from moving the whole queue around while the database is away.
   */
  private void defer(Task task, RuntimeException cause) {
    log.debug("Delivery {} is deferred", task.id(), cause);
    count("deferred");
    try {
      Thread.sleep(settings.delayAfter(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueueUnavailable("Interrupted while a delivery was deferred", e);
    }
    publisher.publishDelayed(messenger.channel(), task, settings.delayAfter(2));
  }

  private void deadLetter(Task task, RuntimeException cause, int attempts) {
    deadLetters.publish(messenger.channel(), task, cause, attempts);
    count("given-up");
  }

  private void count(String outcome) {
    meters
        .counter(
            "shop.notification.deliveries",
            "channel",
            messenger.channel().label(),
            "outcome",
            outcome)
        .increment();
  }
}
