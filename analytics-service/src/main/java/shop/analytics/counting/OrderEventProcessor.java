package shop.analytics.counting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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
import shop.common.event.UnnumberedTypes;
import shop.common.kafka.Topics;

/**
 * Turns each order event into increments of its minute, hour and day. Events of {@code orders} are
 * not deduplicated: order-service is the only writer and writes each event exactly once, in a
 * transaction. Redriven events can be delivered twice, so a state store keeps those that were
 * counted.
 */
final class OrderEventProcessor
    extends ContextualProcessor<byte[], byte[], String, ProcessorOutput> {

  static final String SERVICE = "analytics-service";
  static final String REDRIVEN = "redriven";

  private final Clock clock;
  private @Nullable KeyValueStore<String, Integer> redriven;

  OrderEventProcessor(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, ProcessorOutput> context) {
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
      if (redrive.isEmpty() && topic().equals(Topics.ANALYTICS_REDRIVE.name())) {
        throw new MalformedEvent("The record on the redrive topic has no redrive headers");
      }
      count(record, redrive);
    } catch (KafkaException e) {
      // A store or a broker failed, not the record.
      throw e;
    } catch (RuntimeException e) {
      forwardSideOutput(record, deadLetter(record, e).toRecord());
    }
  }

  private void count(Record<byte[], byte[]> record, Optional<Redrive> redrive) {
    var event = Envelope.of(record.headers());
    if (!UnnumberedTypes.contains(event.type())) {
      event.requireSequence();
    }
    requireOwnKey(event, record.key());
    Figures increment = OrderEvents.increment(event, data(record.value()));
    if (redrive.isEmpty() || markCounted(redrive.get())) {
      add(record, event, increment);
    }
    redrive.ifPresent(sent ->
        forwardSideOutput(
            record, RedriveOutcome.resolved(sent, SERVICE, clock.instant()).toRecord()));
  }

  private void add(Record<byte[], byte[]> record, Envelope event, Figures increment) {
    if (increment.equals(Figures.NONE)) {
      return;
    }
    // All keys before the first forward, so that a record counts in all of its buckets or in none.
    var keys = Arrays.stream(BucketSize.values()).map(size -> size.at(event.time()).key()).toList();
    keys.forEach(key -> forward(record, key, new ProcessorOutput.Increment(increment)));
  }

  private void forwardSideOutput(
      Record<byte[], byte[]> record, ProducerRecord<byte[], byte[]> output) {
    forward(record, new String(output.key(), UTF_8), ProcessorOutput.SideOutput.of(output));
  }

  private void forward(Record<byte[], byte[]> record, String key, ProcessorOutput output) {
    context().forward(new Record<>(key, output, record.timestamp(), output.headers()));
  }

  private boolean markCounted(Redrive redrive) {
    var counted = requireNonNull(redriven);
    return counted.putIfAbsent(redrive.entry(), redrive.attempt()) == null;
  }

  private DeadLetter deadLetter(Record<byte[], byte[]> record, RuntimeException failure) {
    var position = context().recordMetadata().orElseThrow();
    return new DeadLetter(
        SERVICE,
        SERVICE,
        position.topic(),
        position.partition(),
        Long.toString(position.offset()),
        clock.instant(),
        Cause.of(failure, 1),
        record.key(),
        record.value(),
        record.headers());
  }

  private String topic() {
    return context().recordMetadata().orElseThrow().topic();
  }

  private static void requireOwnKey(Envelope event, byte @Nullable [] key) {
    if (!Arrays.equals(event.key(), key)) {
      throw new MalformedEvent(
          "The record key differs from the event's subject " + event.subject());
    }
  }

  private static byte[] data(byte @Nullable [] value) {
    if (value == null) {
      throw new MalformedEvent("The event has no data");
    }
    return value;
  }
}
