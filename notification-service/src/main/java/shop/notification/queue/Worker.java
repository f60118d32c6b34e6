package shop.notification.queue;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.notification.Delivery;
import shop.notification.Messenger;
import shop.notification.Undeliverable;

/** Sends the deliveries of one channel and sees to what comes of each attempt. */
final class Worker {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Messenger messenger;
  private final RecentDeliveries memory;
  private final DeliveryResults results;
  private final DeliveryDeadLetters givingUp;
  private final TaskPublisher publisher;
  private final QueueSettings settings;
  private final Clock clock;
  private final MeterRegistry meters;

  Worker(
      Messenger messenger,
      RecentDeliveries memory,
      DeliveryResults results,
      DeliveryDeadLetters givingUp,
      TaskPublisher publisher,
      QueueSettings settings,
      Clock clock,
      MeterRegistry meters) {
    this.messenger = messenger;
    this.memory = memory;
    this.results = results;
    this.givingUp = givingUp;
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Returns when the attempt's outcome is safe: in the log, or back in a queue. Only then may the
   * message be acknowledged.
   *
   * @throws QueueUnavailable if neither Kafka nor RabbitMQ took it
   */
  void work(Task task) {
    try (var _ = task.trace().open()) {
      var outcome = attempt(task);
      try {
        settle(task, outcome);
      } catch (QueueUnavailable e) {
        throw e;
      } catch (RuntimeException e) {
        log.warn("What became of delivery {} could not be recorded; it comes again", task.id(), e);
        publisher.publishLater(messenger.channel(), task, settings.delayAfter(2));
      }
    }
  }

  private DeliveryResult attempt(Task task) {
    try {
      var delivery = task.delivery();
      var deadline = task.deadline();
      return switch (memory.begin(delivery.id())) {
        case NEW -> send(delivery, deadline);
        case RUNNING -> new DeliveryResult.Busy();
        case SENT -> {
          count("duplicate");
          yield new DeliveryResult.Sent(delivery);
        }
      };
    } catch (MalformedJson | MalformedEvent e) {
      return new DeliveryResult.Hopeless(e);
    }
  }

  private DeliveryResult send(Delivery delivery, Instant deadline) {
    boolean wentOut = false;
    try {
      if (clock.instant().isAfter(deadline)) {
        return new DeliveryResult.Expired(delivery);
      }
      messenger.send(delivery);
      wentOut = true;
      return new DeliveryResult.Sent(delivery);
    } catch (Undeliverable e) {
      return new DeliveryResult.Hopeless(e);
    } catch (RuntimeException e) {
      return new DeliveryResult.Failed(e);
    } finally {
      memory.end(delivery.id(), wentOut);
    }
  }

  private void settle(Task task, DeliveryResult outcome) {
    int attempts = task.attempts() + 1;
    switch (outcome) {
      case DeliveryResult.Sent(Delivery delivery) -> {
        results.sent(delivery, attempts);
        givingUp.wentThrough(task);
        count("sent");
        log.debug("Sent {} {}", messenger.channel().label(), delivery.id());
      }
      case DeliveryResult.Expired(Delivery delivery) -> {
        results.expired(delivery);
        givingUp.wentThrough(task);
        count("expired");
        log.info("Delivery {} came too late and was not sent", delivery.id());
      }
      case DeliveryResult.Busy _ ->
          publisher.publishLater(messenger.channel(), task, settings.delayAfter(1));
      case DeliveryResult.Hopeless(RuntimeException cause) -> giveUp(task, cause, attempts);
      case DeliveryResult.Failed(RuntimeException cause) when attempts >= settings.maxAttempts() ->
          giveUp(task, cause, attempts);
      case DeliveryResult.Failed(RuntimeException cause) -> {
        var delay = settings.delayAfter(attempts);
        publisher.publishLater(messenger.channel(), task.afterAttempts(attempts), delay);
        count("retried");
        log.warn(
            "Delivery {} failed at attempt {} and is tried again in {}: {}",
            task.id(),
            attempts,
            delay,
            cause.toString());
      }
    }
  }

  private void giveUp(Task task, RuntimeException cause, int attempts) {
    givingUp.giveUp(messenger.channel(), task, cause, attempts);
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
