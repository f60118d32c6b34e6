package shop.operations.desk;

import java.util.HashMap;
import java.util.Map;
import shop.operations.DeadLetterSummary;

/** Interns values that repeat in many entries, so that each is held in memory once. */
final class Interner {

  private static final int MAX_VALUES = 10_000;

  private final Map<Object, Object> values = new HashMap<>();

  /** An equal dead letter whose repeated values are shared with other entries. */
  DeadLetterSummary intern(DeadLetterSummary letter) {
    return new DeadLetterSummary(
        letter.id(),
        canonical(letter.service()),
        canonical(letter.group()),
        canonical(letter.topic()),
        letter.partition(),
        letter.failedAt(),
        canonical(letter.cause()),
        letter.eventType() == null ? null : canonical(letter.eventType()),
        letter.subject(),
        letter.recordPosition());
  }

  @SuppressWarnings("unchecked") // equal objects have the same class
  private <T> T canonical(T value) {
    if (values.size() < MAX_VALUES) {
      values.putIfAbsent(value, value);
    }
    return (T) values.getOrDefault(value, value);
  }
}
