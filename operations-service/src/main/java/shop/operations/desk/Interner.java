package shop.operations.desk;

import java.util.HashMap;
import java.util.Map;
import shop.operations.Letter;

/** One object for equal ones: what repeats in a hundred thousand entries is held once. */
final class Interner {

  private static final int MOST = 10_000;

  private final Map<Object, Object> known = new HashMap<>();

  /** The same letter, sharing what it has in common with others. */
  Letter shared(Letter letter) {
    return new Letter(
        letter.id(),
        one(letter.service()),
        one(letter.group()),
        one(letter.topic()),
        letter.partition(),
        letter.failedAt(),
        one(letter.cause()),
        letter.eventType() == null ? null : one(letter.eventType()),
        letter.subject(),
        letter.place());
  }

  @SuppressWarnings("unchecked") // equal objects of one class
  private <T> T one(T value) {
    if (known.size() < MOST) {
      known.putIfAbsent(value, value);
    }
    return (T) known.getOrDefault(value, value);
  }
}
