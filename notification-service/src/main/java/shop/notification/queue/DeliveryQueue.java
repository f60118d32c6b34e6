package shop.notification.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.springframework.stereotype.Component;
import shop.common.deadletter.Redrive;
import shop.common.json.Json;
import shop.common.trace.TraceContext;
import shop.notification.Channel;
import shop.notification.Delivery;

/** Publishes batches of deliveries to the work queues. */
@Component
public class DeliveryQueue {

  private final TaskPublisher publisher;
  private final RetryBacklog backlog;
  private final QueueSettings settings;
  private final Clock clock;

  DeliveryQueue(
      TaskPublisher publisher, RetryBacklog backlog, QueueSettings settings, Clock clock) {
    this.publisher = publisher;
    this.backlog = backlog;
    this.settings = settings;
    this.clock = clock;
  }

  /** Whether a redriven dead letter came from a queue, to which it returns. */
  public static boolean cameFromQueue(Redrive redrive) {
    return redrive.topic().startsWith(DeliveryDeadLetters.ORIGIN);
  }

  /** A new, empty batch. */
  public Batch newBatch() {
    return new Batch();
  }

  /** Deliveries that are published and confirmed together. */
  public final class Batch {

    private final Map<Channel, List<Task>> tasks = new EnumMap<>(Channel.class);

    private Batch() {}

    /** Adds the delivery of an event; it expires one lifetime after the event. */
    public void add(Delivery delivery, Instant eventTime, TraceContext trace) {
      var deadline = eventTime.plus(settings.lifetime());
      add(delivery.channel(), Task.of(delivery, eventTime, deadline, trace));
    }

    /**
     * Adds a redriven dead letter; its lifetime starts now.
     *
     * @throws shop.common.json.MalformedJson if the body is not a delivery
     */
    public void addRedriven(byte[] body, Headers headers) {
      var delivery = Json.read(body, Delivery.class);
      var deadline = clock.instant().plus(settings.lifetime());
      add(delivery.channel(), Task.redriven(body, headers, deadline));
    }

    private void add(Channel channel, Task task) {
      tasks.computeIfAbsent(channel, _ -> new ArrayList<>()).add(task);
    }

    /**
     * Publishes the batch and returns after RabbitMQ has confirmed all deliveries.
     *
     * @throws QueueUnavailable if RabbitMQ did not confirm all deliveries, of which some may have
     *     been queued, or too many wait for a retry
     */
    public void publish() {
      if (!tasks.isEmpty()) {
        backlog.requireRoom();
      }
      tasks.forEach(publisher::publish);
    }
  }
}
