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

/** The way into the queues. */
@Component
public class Deliveries {

  private final TaskPublisher publisher;
  private final QueueSettings settings;
  private final Clock clock;

  Deliveries(TaskPublisher publisher, QueueSettings settings, Clock clock) {
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
  }

  /** True if a dead letter came from a queue, so that it goes back there. */
  public static boolean cameFromQueue(Redrive redrive) {
    return redrive.topic().startsWith(DeliveryDeadLetters.ORIGIN);
  }

  /** An empty batch. */
  public Batch batch() {
    return new Batch();
  }

  /** Deliveries that are confirmed together. */
  public final class Batch {

    private final Map<Channel, List<Task>> tasks = new EnumMap<>(Channel.class);

    private Batch() {}

    /** Adds a delivery that an event causes; its notice is stale a lifetime after the event. */
    public void add(Delivery delivery, Instant eventTime, TraceContext trace) {
      var deadline = eventTime.plus(settings.lifetime());
      add(delivery.channel(), Task.of(delivery, eventTime, deadline, trace));
    }

    /**
     * Adds a dead letter that an admin sent back; it is wanted now, so its life begins anew.
     *
     * @throws shop.common.json.MalformedJson if the bytes are no delivery
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
     * Returns when RabbitMQ holds all of them.
     *
     * @throws QueueUnavailable if it did not confirm all; some may be there
     */
    public void publish() {
      tasks.forEach(publisher::publish);
    }
  }
}
