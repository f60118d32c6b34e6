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
 * @param exception of the last failure, as are message, place and attempts
 * @param attempts how often the message was tried before it was given up last
 * @param redrives how often it was sent back
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
    var life = entry.life();
    var cause = entry.cause();
    return new EntryView(
        letter.id(),
        letter.service(),
        letter.group(),
        letter.topic(),
        letter.partition(),
        letter.position(),
        life.state(),
        life.version(),
        letter.failedAt(),
        cause.exception(),
        cause.message(),
        cause.place(),
        cause.attempts(),
        life.redrives(),
        letter.eventType(),
        letter.subject());
  }

  /** A version as an entity tag. */
  static String tag(EntryHistory life) {
    return "\"" + life.version() + "\"";
  }
}
