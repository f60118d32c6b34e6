package shop.operations.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.State;

/**
 * An entry in a list.
 *
 * @param version for {@code If-Match}
 * @param exception of the latest failure, like message, place and attempts
 * @param attempts to process the message before the latest failure
 * @param redrives how often the message was sent back to its service
 */
record EntryView(
    String id,
    String service,
    String group,
    String topic,
    int partition,
    String position,
    State state,
    int version,
    Instant failedAt,
    String exception,
    String message,
    String place,
    int attempts,
    int redrives,
    @Nullable String eventType,
    @Nullable String subject) {

  static EntryView of(DeskEntry entry) {
    var letter = entry.letter();
    var history = entry.history();
    var cause = entry.cause();
    return new EntryView(
        letter.id(),
        letter.service(),
        letter.group(),
        letter.topic(),
        letter.partition(),
        letter.position(),
        history.state(),
        history.version(),
        letter.failedAt(),
        cause.exception(),
        cause.message(),
        cause.place(),
        cause.attempts(),
        history.redrives(),
        letter.eventType(),
        letter.subject());
  }

  /** The version as an entity tag. */
  static String tag(EntryHistory history) {
    return "\"" + history.version() + "\"";
  }
}
