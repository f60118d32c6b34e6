package shop.payment.books;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time with an end.
 *
 * @param from the first moment in it; none for the very beginning
 * @param to the first moment behind it
 */
public record Period(@Nullable Instant from, Instant to) {

  /** Refuses a time that ends before it begins. */
  public Period {
    if (from != null && !from.isBefore(to)) {
      throw new IllegalArgumentException("from must lie before to");
    }
  }

  /** True if the moment lies in it. */
  public boolean contains(Instant moment) {
    return (from == null || !moment.isBefore(from)) && moment.isBefore(to);
  }
}
