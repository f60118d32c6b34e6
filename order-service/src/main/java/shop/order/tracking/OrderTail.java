package shop.order.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.order.CommandAnswer;
import shop.order.OrderEvent;
import shop.order.TimelineEntry;
import shop.order.commands.CommandResult;
import shop.order.commands.PendingCommands;

/**
 * Hears every record of {@code orders} as soon as it is committed, on every instance, and tells
 * those here who wait for it: handlers of commands and open streams. Reads no record that nobody
 * waits for.
 */
@Component
class OrderTail {

  private static final Logger log = LoggerFactory.getLogger(OrderTail.class);

  private final PendingCommands outcomes;
  private final LiveTimelines live;

  OrderTail(PendingCommands outcomes, LiveTimelines live) {
    this.outcomes = outcomes;
    this.live = live;
  }

  void on(ConsumerRecord<byte[], byte[]> record) {
    @Nullable String given = header(record, CommandAnswer.GIVEN);
    boolean awaited = given != null && outcomes.isAwaited(given);
    boolean followed = record.key() != null && live.isFollowed(new String(record.key(), UTF_8));
    if (record.value() == null || !(awaited || followed)) {
      return;
    }
    try {
      if (CommandAnswer.TYPE.equals(header(record, Envelope.TYPE))) {
        if (given != null) {
          outcomes.tell(given, outcome(Json.read(record.value(), CommandAnswer.class)));
        }
        return;
      }
      var envelope = Envelope.of(record.headers());
      var entry = TimelineEntry.of(envelope, OrderEvent.read(envelope.type(), record.value()));
      if (given != null) {
        outcomes.tell(given, new CommandResult.Accepted(entry));
      }
      live.tell(envelope.subject(), entry);
    } catch (MalformedEvent | MalformedJson e) {
      log.debug("Not an event that anybody waits for; the projector gives up on it", e);
    }
  }

  private static CommandResult outcome(CommandAnswer answer) {
    return switch (answer.outcome()) {
      case REJECTED ->
          new CommandResult.Rejected(
              String.valueOf(answer.reason()), String.valueOf(answer.detail()));
      case REPEATED ->
          new CommandResult.Repeated(answer.sequence() == null ? 0 : answer.sequence());
    };
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
