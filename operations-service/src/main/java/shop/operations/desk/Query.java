package shop.operations.desk;

import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.operations.Entry;
import shop.operations.State;

/**
 * What is looked for; what is absent matters not.
 *
 * @param states any of these; all if empty
 * @param from failed at or after
 * @param to failed before
 * @param text occurs in id, cause, event type or subject
 */
public record Query(
    @Nullable String service,
    @Nullable String topic,
    @Nullable String group,
    Set<State> states,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text)
    implements Predicate<Entry> {

  public Query {
    states = Set.copyOf(states);
  }

  /** The entries that it finds, newest first. */
  public Stream<Entry> in(Desk desk) {
    return desk.entries().filter(this);
  }

  /** The entries that it finds after one that was shown, newest first. */
  public Stream<Entry> in(Desk desk, Instant failedAt, String id) {
    return desk.entriesAfter(new Desk.Rank(failedAt, id)).filter(this);
  }

  @Override
  public boolean test(Entry entry) {
    var letter = entry.letter();
    return (service == null || service.equals(letter.service()))
        && (topic == null || topic.equals(letter.topic()))
        && (group == null || group.equals(letter.group()))
        && (states.isEmpty() || states.contains(entry.life().state()))
        && (from == null || !letter.failedAt().isBefore(from))
        && (to == null || letter.failedAt().isBefore(to))
        && (text == null || entry.mentions(text));
  }
}
