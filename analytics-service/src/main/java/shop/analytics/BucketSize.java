package shop.analytics;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The length of a bucket, in UTC. */
public enum BucketSize {
  /** From one full minute to the next. */
  MINUTE(ChronoUnit.MINUTES),
  /** From one full hour to the next. */
  HOUR(ChronoUnit.HOURS),
  /** From midnight to midnight. */
  DAY(ChronoUnit.DAYS);

  private final ChronoUnit unit;

  BucketSize(ChronoUnit unit) {
    this.unit = unit;
  }

  /** The bucket that contains an instant. */
  public Bucket at(Instant instant) {
    return new Bucket(this, instant.truncatedTo(unit));
  }

  /** The instant a number of buckets before another. */
  public Instant before(Instant instant, long buckets) {
    return instant.minus(buckets, unit);
  }

  /**
   * The size with a label.
   *
   * @throws IllegalArgumentException if no size has the label
   */
  public static BucketSize of(String label) {
    for (var size : values()) {
      if (size.label().equals(label)) {
        return size;
      }
    }
    throw new IllegalArgumentException("Unknown bucket size '" + label + "'");
  }

  /** The name in URLs, record keys and responses: {@code minute}, {@code hour}, {@code day}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
