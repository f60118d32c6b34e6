package shop.payment.books;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A half-open interval of time.
 *
 * @param from inclusive; null for no lower limit
 * @param to exclusive
 */
public record Period(@Nullable Instant from, Instant to) {

  /** Rejects a period that does not end after it begins. */
  public Period {
    if (from != null && !from.isBefore(to)) {
      throw new IllegalArgumentException("from must be before to");
    }
  }

  /** True if the moment is in the period. */
  public boolean contains(Instant moment) {
    return (from == null || !moment.isBefore(from)) && moment.isBefore(to);
  }
}
