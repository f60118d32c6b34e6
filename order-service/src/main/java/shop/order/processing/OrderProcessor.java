package shop.order.processing;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.common.trace.TraceContext;
import shop.order.CommandAnswer;
import shop.order.ConsumerGroups;
import shop.order.Deadline;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.OrderState;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.Transitions;

/**
 * The one writer of orders. Takes commands and payment facts one after the other, decides by the
 * {@link Transitions}, and appends numbered events; what it cannot take becomes a dead letter. All
 * that a record causes is committed in one transaction, or not at all.
 */
final class OrderProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger log = LoggerFactory.getLogger(OrderProcessor.class);
  private static final String SERVICE = "order-service";

  private final Clock clock;
  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable KeyValueStore<String, byte[]> states;

  OrderProcessor(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.states = context.getStateStore(OrderTopology.STATES);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (Redrive.isForOtherGroup(record.headers(), ConsumerGroups.ORDER_PROCESSOR)) {
      return;
    }
    try {
      var envelope = Envelope.of(record.headers());
      try (var _ = envelope.trace().open()) {
        if (Redrive.isSettlement(record.headers())) {
          settle(envelope, record);
        } else {
          take(envelope, record);
        }
      }
      Redrive.of(record.headers())
          .map(redrive -> RedriveOutcome.resolved(redrive, SERVICE, clock.instant()).toRecord())
          .ifPresent(this::append);
    } catch (MalformedEvent
        | MalformedJson
        | ImpossibleInput
        | IllegalArgumentException
        | ArithmeticException e) {
      giveUp(record, e);
    }
  }

  /** An order that is discarded was accepted all the same: it is placed, and cancelled at once. */
  private void settle(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    if (envelope.type().equals(PlaceOrder.TYPE)
        && Transitions.on(state(orderId), SerializedOrder.read(value(record)).order())
            instanceof Transitions.Accepted placed) {
      remember(orderId, placed.state());
      var first =
          numbered(orderId, placed.state().sequence(), placed.event())
              .record(Topics.ORDERS.name(), value(record));
      // Payment-service, too, is to settle it: nothing is charged and then given back.
      Redrive.markSettlement(first.headers());
      append(first);
      var cancel =
          new OrderCommand.Cancel(placed.state().customerId(), "it could not be processed");
      carryOut(Transitions.on(placed.state(), envelope.id(), cancel), orderId, null);
    }
  }

  private void take(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    switch (envelope.type()) {
      case PlaceOrder.TYPE -> place(orderId, record);
      case OrderCommand.Settle.TYPE ->
          Json.read(value(record), OrderCommand.Settle.class)
              .facts()
              .forEach(told -> fact(orderId, told.type(), Json.bytes(told.data())));
      default -> {
        if (Redrive.origin(record.headers(), source().topic()).equals(Topics.PAYMENTS.name())) {
          fact(orderId, envelope.type(), value(record));
        } else {
          var command = OrderCommand.read(envelope.type(), value(record));
          carryOut(
              Transitions.on(state(orderId), envelope.id(), command),
              orderId,
              record.headers().lastHeader(CommandAnswer.GIVEN));
        }
      }
    }
  }

  private void place(String orderId, Record<byte[], byte[]> record) {
    if (isLate(record)) {
      log.warn("Order {} was appended after its deadline and counts for nobody", orderId);
      return;
    }
    var order = SerializedOrder.read(value(record));
    var decision = Transitions.on(state(orderId), order.order());
    if (decision instanceof Transitions.Accepted(var event, var state)) {
      // The event repeats the command: its bytes will do.
      remember(orderId, state);
      append(numbered(orderId, state.sequence(), event).record(Topics.ORDERS.name(), order.json()));
    } else {
      carryOut(decision, orderId, null);
    }
  }

  private void fact(String orderId, String type, byte[] data) {
    PaymentFact.read(type, data)
        .map(fact -> Transitions.on(state(orderId), fact))
        .ifPresent(decision -> carryOut(decision, orderId, null));
  }

  /**
   * Does what was decided.
   *
   * @param given the mark of whoever waits to hear what became of a command
   */
  private void carryOut(Transitions.Decision decision, String orderId, @Nullable Header given) {
    switch (decision) {
      case Transitions.Accepted(var event, var state) -> {
        remember(orderId, state);
        var record = numbered(orderId, state.sequence(), event).record(Topics.ORDERS.name(), event);
        append(marked(record, given));
      }
      case Transitions.Noted(var state) -> remember(orderId, state);
      case Transitions.Answered(var answer) ->
          append(
              marked(
                  Envelope.of(CommandAnswer.TYPE, SERVICE, orderId, now())
                      .record(Topics.ORDERS.name(), answer),
                  given));
      case Transitions.Unchanged(var reason) -> log.debug("Order {}: {}", orderId, reason);
      case Transitions.Impossible(var reason) -> throw new ImpossibleInput(reason);
    }
  }

  private static ProducerRecord<byte[], byte[]> marked(
      ProducerRecord<byte[], byte[]> record, @Nullable Header given) {
    if (given != null) {
      record.headers().add(given);
    }
    return record;
  }

  private void remember(String orderId, OrderState state) {
    states().put(orderId, Json.bytes(state));
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private Envelope numbered(String orderId, long sequence, OrderEvent event) {
    return new Envelope(
        orderId + "/" + sequence,
        event.type(),
        SERVICE,
        orderId,
        now(),
        sequence,
        TraceContext.current());
  }

  /** A redriven command was in time once. */
  private static boolean isLate(Record<byte[], byte[]> record) {
    return Redrive.of(record.headers()).isEmpty()
        && Deadline.of(record.headers())
            .orElseThrow(() -> new MalformedEvent("A command to place an order needs a deadline"))
            .isMissed(record.timestamp());
  }

  private RecordMetadata source() {
    return context().recordMetadata().orElseThrow(() -> new IllegalStateException("No source"));
  }

  private void giveUp(Record<byte[], byte[]> record, RuntimeException failure) {
    RecordMetadata from = source();
    var letter =
        new DeadLetter(
            SERVICE,
            ConsumerGroups.ORDER_PROCESSOR,
            from.topic(),
            from.partition(),
            Long.toString(from.offset()),
            clock.instant(),
            Cause.of(failure, 1),
            record.key(),
            record.value(),
            record.headers());
    log.warn("Gave up on {}: {}", letter.id(), letter.cause().exception());
    append(letter.toRecord());
  }

  /** Hands a record to the sink of its topic. */
  private void append(ProducerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    context()
        .forward(
            new Record<>(record.key(), record.value(), clock.millis(), headers), record.topic());
  }

  private @Nullable OrderState state(String orderId) {
    byte @Nullable [] bytes = states().get(orderId);
    return bytes == null ? null : Json.read(bytes, OrderState.class);
  }

  private static byte[] value(Record<byte[], byte[]> record) {
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("The record has no data");
    }
    return value;
  }

  private ProcessorContext<byte[], byte[]> context() {
    return requireNonNull(context, "init comes first");
  }

  private KeyValueStore<String, byte[]> states() {
    return requireNonNull(states, "init comes first");
  }

  /** An input that cannot be true of the order as it stands. */
  private static final class ImpossibleInput extends RuntimeException {
    ImpossibleInput(String message) {
      super(message);
    }
  }
}
