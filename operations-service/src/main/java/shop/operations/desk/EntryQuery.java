package shop.operations.desk;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  /** Shorter texts have no trigram and would match nearly every entry. */
  public static final int MIN_TEXT_LENGTH = 3;

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
}
