package shop.order.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.event.UnnumberedTypes;
import shop.common.json.Json;
import shop.order.CommandAnswer;
import shop.order.OrderEvent;
import shop.order.PlaceOrder;
import shop.order.TimelineEntry;
import shop.order.commands.CommandResult;
import shop.order.commands.PendingCommands;
import shop.order.commands.PendingPlacements;
import shop.order.commands.PendingPlacements.Decision;
import shop.order.kafka.CorrelationIdHeader;

/**
 * Receives every record of {@code orders} as soon as it is committed, on every instance, and passes
 * it to the pending commands and open streams of this instance. Parses only records that one of
 * them waits for.
 */
@Component
class OrderTail {

  private static final Logger log = LoggerFactory.getLogger(OrderTail.class);

  private final PendingCommands pending;
  private final PendingPlacements placements;
  private final LiveTimelines live;

  OrderTail(PendingCommands pending, PendingPlacements placements, LiveTimelines live) {
    this.pending = pending;
    this.placements = placements;
    this.live = live;
  }

  void on(ConsumerRecord<byte[], byte[]> record) {
    @Nullable String correlationId = CorrelationIdHeader.read(record.headers());
    boolean awaited = correlationId != null && pending.contains(correlationId);
    String order = record.key() == null ? "" : new String(record.key(), UTF_8);
    boolean followed = live.isFollowed(order);
    boolean placing = placements.contains(order);
    if (record.value() == null || !(awaited || followed || placing)) {
      return;
    }
    try {
      if (placing) {
        completePlacement(order, record);
      }
      if (CommandAnswer.TYPE.equals(type(record))) {
        if (correlationId != null) {
          pending.complete(correlationId, result(Json.read(record.value(), CommandAnswer.class)));
        }
        return;
      }
      var envelope = Envelope.of(record.headers());
      if (UnnumberedTypes.contains(envelope.type())) {
        return;
      }
      var entry = TimelineEntry.of(envelope, OrderEvent.read(envelope.type(), record.value()));
      if (correlationId != null) {
        pending.complete(correlationId, new CommandResult.Accepted(entry));
      }
      live.publish(envelope.subject(), entry);
    } catch (RuntimeException e) {
      log.warn(
          "Skipped a record of orders that cannot be read; the projector dead-letters it: {}-{}@{}",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
  }

  private void completePlacement(String order, ConsumerRecord<byte[], byte[]> record) {
    @Nullable String type = type(record);
    if (OrderEvent.Placed.TYPE.equals(type)) {
      placements.complete(order, new Decision.Placed());
    } else if (CommandAnswer.TYPE.equals(type)) {
      var answer = Json.read(record.value(), CommandAnswer.class);
      if (answer.command().equals(PlaceOrder.TYPE)) {
        placements.complete(
            order,
            new Decision.PlacedBefore(
                answer.fingerprint(),
                new TopicPartition(record.topic(), record.partition()),
                record.offset()));
      }
    }
  }

  private static CommandResult result(CommandAnswer answer) {
    return switch (answer.outcome()) {
      case REJECTED ->
          new CommandResult.Rejected(
              String.valueOf(answer.reason()), String.valueOf(answer.detail()));
      case REPEATED ->
          new CommandResult.Repeated(answer.sequence() == null ? 0 : answer.sequence());
    };
  }

  private static @Nullable String type(ConsumerRecord<byte[], byte[]> record) {
    var header = record.headers().lastHeader(Envelope.TYPE);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
