package shop.common.http;

import java.time.DateTimeException;
import java.time.Instant;

/** Times in parameters (RFC 3339), of the years 0000 to 9999. */
public final class Timestamps {

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Timestamps() {}

  /**
   * Parses a time such as {@code 2026-01-31T09:30:00Z}.
   *
   * @throws DateTimeException if it is malformed or out of range
   */
  public static Instant parse(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new DateTimeException("A year must have four digits");
    }
    return time;
  }
}
