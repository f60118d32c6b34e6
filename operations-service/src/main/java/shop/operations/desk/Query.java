package shop.operations.desk;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.operations.DeskEntry;
import shop.operations.Letter;
import shop.operations.State;

/**
 * What is looked for; what is absent matters not.
 *
 * @param states any of these; all if empty
 * @param exception of the last failure, as is the place
 * @param cause occurs in exception, message or place of the last failure, in upper or lower case
 * @param from failed at or after
 * @param to failed before
 * @param text occurs in the message's bytes or headers, its id, or the cause of any of its
 *     failures, in upper or lower case; at least {@value #SHORTEST_TEXT} characters
 */
public record Query(
    @Nullable String service,
    @Nullable String topic,
    @Nullable String group,
    Set<State> states,
    @Nullable String exception,
    @Nullable String place,
    @Nullable String cause,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text) {

  /** Shorter texts are nearly everywhere. */
  public static final int SHORTEST_TEXT = Trigrams.LENGTH;

  public Query {
    states = Set.copyOf(states);
    if (text != null && text.length() < SHORTEST_TEXT) {
      throw new IllegalArgumentException("A text is longer than " + text);
    }
  }

  /** The same among entries in one state. */
  public Query in(State state) {
    return new Query(service, topic, group, Set.of(state), exception, place, cause, from, to, text);
  }

  /** What a letter alone can tell; the text needs the log. */
  boolean fits(Letter letter) {
    return (service == null || service.equals(letter.service()))
        && (topic == null || topic.equals(letter.topic()))
        && (group == null || group.equals(letter.group()));
  }

  /** What became of it; for one pass over the entries, by one thread. */
  Predicate<DeskEntry> ofLife() {
    Predicate<Cause> causes = causes();
    return entry ->
        (states.isEmpty() || states.contains(entry.life().state())) && causes.test(entry.cause());
  }

  /** Most entries share their cause with others. */
  private Predicate<Cause> causes() {
    if (exception == null && place == null && cause == null) {
      return _ -> true;
    }
    IdentityHashMap<Cause, Boolean> known = new IdentityHashMap<>();
    return one -> known.computeIfAbsent(one, this::isWanted);
  }

  private boolean isWanted(Cause one) {
    return (exception == null || exception.equals(one.exception()))
        && (place == null || place.equals(one.place()))
        && (cause == null
            || contains(one.exception(), cause)
            || contains(one.message(), cause)
            || contains(one.place(), cause));
  }

  private static boolean contains(String whole, String text) {
    return whole.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }
}
