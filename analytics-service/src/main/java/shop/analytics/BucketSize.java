package shop.analytics;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How much time a bucket covers, in UTC. */
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

  /** The bucket that a moment lies in. */
  public Bucket at(Instant moment) {
    return new Bucket(this, moment.truncatedTo(unit));
  }

  /** The moment a number of buckets before another. */
  public Instant before(Instant moment, long buckets) {
    return moment.minus(buckets, unit);
  }

  /**
   * The size of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static BucketSize of(String label) {
    for (var size : values()) {
      if (size.label().equals(label)) {
        return size;
      }
    }
    throw new IllegalArgumentException("There is no bucket '" + label + "'");
  }

  /** As in URLs, keys and answers: {@code minute}, {@code hour}, {@code day}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
