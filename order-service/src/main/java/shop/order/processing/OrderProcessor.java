package shop.order.processing;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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
import shop.common.kafka.Topics;
import shop.common.trace.TraceContext;
import shop.order.CommandAnswer;
import shop.order.ConsumerGroups;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderState;
import shop.order.OrderWithheld;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.Transitions;
import shop.order.kafka.CorrelationIdHeader;
import shop.order.kafka.DeadlineHeader;
import shop.order.kafka.OrderSummaryHeader;

/**
 * The single writer of orders. It processes commands and payment facts one after the other, decides
 * by {@link Transitions}, and appends numbered events; a record that it cannot process becomes a
 * dead letter. Everything that a record causes is committed in one transaction.
 */
final class OrderProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger log = LoggerFactory.getLogger(OrderProcessor.class);
  private static final String SERVICE = "order-service";

  /** The reason of a cancellation, shown to the customer. */
  private static final String UNPROCESSABLE = "it could not be processed";

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
          discard(envelope, record);
        } else {
          dispatch(envelope, record);
        }
      }
      Redrive.of(record.headers())
          .map(redrive -> RedriveOutcome.resolved(redrive, SERVICE, clock.instant()).toRecord())
          .ifPresent(this::append);
    } catch (KafkaException e) {
      // A store or a broker failed, not the record.
      throw e;
    } catch (RuntimeException e) {
      sendToDeadLetters(record, e);
    }
  }

  /** Settles a discarded command. A customer's accepted order is placed and cancelled at once. */
  private void discard(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    if (!envelope.type().equals(PlaceOrder.TYPE) || !Transitions.mayBePlaced(state(orderId))) {
      return;
    }
    Transitions.Decision decision;
    try {
      decision = Transitions.on(state(orderId), SerializedOrder.read(value(record)).order());
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      discardUnreadable(orderId, record, e);
      return;
    }
    if (decision instanceof Transitions.Accepted placed) {
      store(orderId, placed.state());
      var first =
          numbered(orderId, placed.state().sequence(), placed.event())
              .record(Topics.ORDERS.name(), value(record));
      // Payment-service must settle it as well, so that nothing is charged and then refunded.
      Redrive.markSettlement(first.headers());
      append(first);
      var cancel = new OrderCommand.Cancel(placed.state().customerId(), UNPROCESSABLE);
      execute(Transitions.on(placed.state(), envelope.id(), cancel), orderId, null);
    }
  }

  /** Cancels an order whose command cannot be read: without an event, as it was never placed. */
  private void discardUnreadable(
      String orderId, Record<byte[], byte[]> record, RuntimeException failure) {
    String entry = Redrive.of(record.headers()).map(Redrive::entry).orElseThrow(() -> failure);
    if (!withhold(record, entry)) {
      // It lacks the headers that describe the order, so it stays at the desk.
      throw failure;
    }
    if (Transitions.onDiscard(state(orderId)) instanceof Transitions.Noted(var state)) {
      store(orderId, state);
      append(
          withheld(
              orderId,
              "withheld-ended",
              OrderWithheld.Ended.TYPE,
              new OrderWithheld.Ended(entry, UNPROCESSABLE),
              record.headers()));
    }
  }

  private void dispatch(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    switch (envelope.type()) {
      case PlaceOrder.TYPE -> place(envelope, record);
      case OrderCommand.Settle.TYPE -> settle(envelope, record);
      default -> {
        if (Redrive.origin(record.headers(), source().topic()).equals(Topics.PAYMENTS.name())) {
          applyFact(orderId, envelope.type(), value(record));
        } else {
          var command = OrderCommand.read(envelope.type(), value(record));
          execute(
              Transitions.on(state(orderId), envelope.id(), command),
              orderId,
              record.headers().lastHeader(CorrelationIdHeader.NAME));
        }
      }
    }
  }

  private void place(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    if (isLate(record)) {
      log.warn("Ignoring order {}, because its command was appended after its deadline", orderId);
      return;
    }
    @Nullable OrderState before = state(orderId);
    if (before != null && Redrive.of(record.headers()).isEmpty()) {
      execute(
          Transitions.onRepeatedPlacement(before, envelope.id()),
          orderId,
          record.headers().lastHeader(CorrelationIdHeader.NAME));
      return;
    }
    var order = SerializedOrder.read(value(record));
    var decision = Transitions.on(before, order.order());
    if (decision instanceof Transitions.Accepted(var event, var state)) {
      // The event has the same data as the command, so the bytes are reused.
      store(orderId, state);
      append(numbered(orderId, state.sequence(), event).record(Topics.ORDERS.name(), order.json()));
    } else {
      execute(decision, orderId, null);
    }
  }

  /**
   * Applies what the reconciler learned. Every instance repeats that until the order is settled, so
   * facts that contradict the order become a dead letter once: the state notes the command's id,
   * which is derived from the facts.
   */
  private void settle(Envelope envelope, Record<byte[], byte[]> record) {
    String orderId = envelope.subject();
    @Nullable OrderState before = state(orderId);
    if (before != null
        && before.commands().containsKey(envelope.id())
        && Redrive.of(record.headers()).isEmpty()) {
      return;
    }
    @Nullable ImpossibleInput contradiction = null;
    for (var fact : Json.read(value(record), OrderCommand.Settle.class).facts()) {
      try {
        applyFact(orderId, fact.type(), Json.bytes(fact.data()));
      } catch (ImpossibleInput e) {
        contradiction = e;
      }
    }
    if (contradiction != null) {
      @Nullable OrderState after = state(orderId);
      if (after != null) {
        store(orderId, after.deadLettered(envelope.id()));
      }
      throw contradiction;
    }
  }

  private void applyFact(String orderId, String type, byte[] data) {
    PaymentFact.read(type, data)
        .map(fact -> Transitions.on(state(orderId), fact))
        .ifPresent(decision -> execute(decision, orderId, null));
  }

  /**
   * Executes a decision.
   *
   * @param correlationId the header by which the sender of a command recognizes the result
   */
  private void execute(
      Transitions.Decision decision, String orderId, @Nullable Header correlationId) {
    switch (decision) {
      case Transitions.Accepted(var event, var state) -> {
        var record = numbered(orderId, state.sequence(), event).record(Topics.ORDERS.name(), event);
        store(orderId, state);
        append(withCorrelationId(record, correlationId));
      }
      case Transitions.Noted(var state) -> store(orderId, state);
      case Transitions.Answered(var answer) ->
          append(
              withCorrelationId(
                  Envelope.of(CommandAnswer.TYPE, SERVICE, orderId, now())
                      .record(Topics.ORDERS.name(), answer),
                  correlationId));
      case Transitions.Unchanged(var reason) -> log.debug("Order {}: {}", orderId, reason);
      case Transitions.Impossible(var reason) -> throw new ImpossibleInput(reason);
    }
  }

  private static ProducerRecord<byte[], byte[]> withCorrelationId(
      ProducerRecord<byte[], byte[]> record, @Nullable Header correlationId) {
    if (correlationId != null) {
      record.headers().add(correlationId);
    }
    return record;
  }

  private void store(String orderId, OrderState state) {
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

  /** True if a command was appended after its deadline; one that is redriven was in time. */
  private static boolean isLate(Record<byte[], byte[]> record) {
    return Redrive.of(record.headers()).isEmpty()
        && DeadlineHeader.read(record.headers())
            .orElseThrow(() -> new MalformedEvent("A command to place an order needs a deadline"))
            .isMissed(record.timestamp());
  }

  private RecordMetadata source() {
    return context()
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("The record has no source"));
  }

  private void sendToDeadLetters(Record<byte[], byte[]> record, RuntimeException failure) {
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
    log.warn("Sent {} to the dead letters: {}", letter.id(), letter.cause().exception());
    append(letter.toRecord());
    withhold(record, Redrive.of(record.headers()).map(Redrive::entry).orElse(letter.id()));
  }

  /**
   * Records that the command to place an order is a dead letter: its key stays taken, its pieces
   * stay reserved, and it is shown, also after Redis was emptied.
   *
   * @param entry id of the dead letter
   * @return false if the record is not such a command, or lacks the headers that describe the order
   */
  private boolean withhold(Record<byte[], byte[]> record, String entry) {
    try {
      var envelope = Envelope.of(record.headers());
      var deadline = DeadlineHeader.read(record.headers());
      var summary = OrderSummaryHeader.read(record.headers());
      if (!envelope.type().equals(PlaceOrder.TYPE) || deadline.isEmpty() || summary.isEmpty()) {
        return false;
      }
      String orderId = OrderId.parse(envelope.subject()).toString();
      if (Transitions.onDeadLetter(state(orderId), summary.get())
          instanceof Transitions.Noted(var state)) {
        store(orderId, state);
        append(
            withheld(
                orderId,
                "withheld",
                OrderWithheld.TYPE,
                new OrderWithheld(entry),
                record.headers()));
      }
      return true;
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("Nothing of the dead letter {} can be withheld: {}", entry, e.getMessage());
      return false;
    }
  }

  /** An unnumbered record about an order, with the headers of its command that describe it. */
  private ProducerRecord<byte[], byte[]> withheld(
      String orderId, String id, String type, Object data, Headers command) {
    var record =
        Envelope.of(type, SERVICE, orderId, now())
            .withId(orderId + "/" + id)
            .record(Topics.ORDERS.name(), data);
    record.headers().add(DeadlineHeader.NAME, command.lastHeader(DeadlineHeader.NAME).value());
    record
        .headers()
        .add(OrderSummaryHeader.NAME, command.lastHeader(OrderSummaryHeader.NAME).value());
    return record;
  }

  /** Forwards a record to the sink of its topic. */
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
    return requireNonNull(context, "init was not called");
  }

  private KeyValueStore<String, byte[]> states() {
    return requireNonNull(states, "init was not called");
  }

  /** An input that contradicts the current state of the order. */
  private static final class ImpossibleInput extends RuntimeException {
    ImpossibleInput(String message) {
      super(message);
    }
  }
}
