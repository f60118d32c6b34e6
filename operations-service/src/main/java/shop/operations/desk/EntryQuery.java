package shop.operations.desk;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.operations.DeadLetterSummary;
import shop.operations.DeskEntry;
import shop.operations.State;

/**
 * Criteria for entries; absent criteria match every entry.
 *
 * @param states one of these; all states if empty
 * @param exception class name of the latest failure's exception
 * @param place of the latest failure in the code
 * @param cause case-insensitive substring of the latest failure's exception, message or place
 * @param from dead-lettered at this time or later
 * @param to dead-lettered before this time
 * @param text case-insensitive substring of the message's key, headers or body, of the entry's id,
 *     or of the cause of any of its failures; at least {@value #MIN_TEXT_LENGTH} characters
 */
public record EntryQuery(
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

  /** Shorter texts would match nearly every entry. */
  public static final int MIN_TEXT_LENGTH = Trigrams.LENGTH;

  public EntryQuery {
    states = Set.copyOf(states);
    if (text != null && text.length() < MIN_TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "A text must have at least " + MIN_TEXT_LENGTH + " characters, not " + text.length());
    }
  }

  /** The same criteria for entries in one state. */
  public EntryQuery in(State state) {
    return new EntryQuery(
        service, topic, group, Set.of(state), exception, place, cause, from, to, text);
  }

  /** Tests the criteria that depend only on the dead letter, except times and text. */
  boolean matches(DeadLetterSummary letter) {
    return (service == null || service.equals(letter.service()))
        && (topic == null || topic.equals(letter.topic()))
        && (group == null || group.equals(letter.group()));
  }

  /**
   * Tests the criteria that depend on an entry's history. The predicate caches results: use it for
   * one pass over the entries, on one thread.
   */
  Predicate<DeskEntry> historyFilter() {
    Predicate<Cause> causeFilter = causeFilter();
    return entry ->
        (states.isEmpty() || states.contains(entry.history().state()))
            && causeFilter.test(entry.cause());
  }

  /** Caches by identity, since causes are interned and most entries share theirs with others. */
  private Predicate<Cause> causeFilter() {
    if (exception == null && place == null && cause == null) {
      return _ -> true;
    }
    IdentityHashMap<Cause, Boolean> results = new IdentityHashMap<>();
    return failure -> results.computeIfAbsent(failure, this::matches);
  }

  private boolean matches(Cause failure) {
    return (exception == null || exception.equals(failure.exception()))
        && (place == null || place.equals(failure.place()))
        && (cause == null
            || contains(failure.exception(), cause)
            || contains(failure.message(), cause)
            || contains(failure.place(), cause));
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
