package shop.operations.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import shop.common.http.EntityTag;
import shop.common.http.EntityTags;
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

  /**
   * The entity tag of an entry with its history: the version and, if there are any, the number of
   * actions that came too late, which are shown but do not change the version.
   */
  static EntityTag tag(EntryHistory history) {
    long late = history.steps().stream().filter(step -> !step.counted()).count();
    return new EntityTag(history.version() + (late == 0 ? "" : "." + late));
  }

  /**
   * True if {@code If-Match} names the current version; actions that came too late do not matter.
   */
  static boolean isCurrent(String ifMatch, EntryHistory history) {
    String version = Integer.toString(history.version());
    return EntityTags.parse("If-Match", ifMatch)
        .matchStrongly(tag -> tag.equals(version) || tag.startsWith(version + "."));
  }
}
