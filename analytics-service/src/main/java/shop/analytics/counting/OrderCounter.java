package shop.analytics.counting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import shop.analytics.BucketSize;
import shop.analytics.Figures;
import shop.analytics.OrderEvents;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;

/**
 * Turns each record of {@code orders} into increments of its minute, hour and day. Numbers are
 * trusted: the one writer of {@code orders} gives every event exactly one record, in a transaction.
 * Redrives can come twice, so those that were counted are remembered, with their partition.
 */
final class OrderCounter extends ContextualProcessor<byte[], byte[], String, Contribution> {

  static final String SERVICE = "analytics-service";
  static final String REDRIVEN = "redriven";

  private final Clock clock;
  private @Nullable KeyValueStore<String, Integer> redriven;

  OrderCounter(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, Contribution> context) {
    super.init(context);
    redriven = context.getStateStore(REDRIVEN);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (Redrive.isForOtherGroup(record.headers(), SERVICE)) {
      return;
    }
    Optional<Redrive> redrive = Redrive.of(record.headers());
    try {
      if (redrive.isEmpty() && cameBy().equals(Topics.ANALYTICS_REDRIVE.name())) {
        throw new MalformedEvent("A record on a redrive topic does not say which redrive it is");
      }
      count(record, redrive);
    } catch (MalformedEvent | MalformedJson e) {
      aside(record, deadLetter(record, e).toRecord());
    }
  }

  private void count(Record<byte[], byte[]> record, Optional<Redrive> redrive) {
    var event = Envelope.of(record.headers());
    if (!event.type().equals(OrderEvents.COMMAND_ANSWERED)) {
      event.requireSequence();
    }
    requireOwnKey(event, record.key());
    Figures increment = OrderEvents.increment(event, data(record.value()));
    if (redrive.isEmpty() || isNew(redrive.get())) {
      add(record, event, increment);
    }
    redrive.ifPresent(
        sent -> aside(record, RedriveOutcome.resolved(sent, SERVICE, clock.instant()).toRecord()));
  }

  private void add(Record<byte[], byte[]> record, Envelope event, Figures increment) {
    if (increment.equals(Figures.NONE)) {
      return;
    }
    for (var size : BucketSize.values()) {
      forward(record, size.at(event.time()).key(), new Contribution.Increment(increment));
    }
  }

  private void aside(Record<byte[], byte[]> record, ProducerRecord<byte[], byte[]> out) {
    forward(record, new String(out.key(), UTF_8), Contribution.Aside.of(out));
  }

  private void forward(Record<byte[], byte[]> record, String key, Contribution counted) {
    context().forward(new Record<>(key, counted, record.timestamp(), counted.headers()));
  }

  private boolean isNew(Redrive redrive) {
    var counted = requireNonNull(redriven);
    return counted.putIfAbsent(redrive.entry(), redrive.attempt()) == null;
  }

  private DeadLetter deadLetter(Record<byte[], byte[]> record, RuntimeException failure) {
    var place = context().recordMetadata().orElseThrow();
    return new DeadLetter(
        SERVICE,
        SERVICE,
        place.topic(),
        place.partition(),
        Long.toString(place.offset()),
        clock.instant(),
        Cause.of(failure, 1),
        record.key(),
        record.value(),
        record.headers());
  }

  private String cameBy() {
    return context().recordMetadata().orElseThrow().topic();
  }

  private static void requireOwnKey(Envelope event, byte @Nullable [] key) {
    if (!Arrays.equals(event.key(), key)) {
      throw new MalformedEvent("The record's key is not the event's subject " + event.subject());
    }
  }

  private static byte[] data(byte @Nullable [] value) {
    if (value == null) {
      throw new MalformedEvent("The event has no data");
    }
    return value;
  }
}
