package shop.analytics;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * A span of event time. Plain: it never closes, so no event comes too late for it.
 *
 * @param size how much time
 * @param start its first moment
 */
public record Bucket(BucketSize size, Instant start) {

  /** As a record's key: {@code minute/2026-11-21T09:30:00Z}. */
  public String key() {
    return size.label() + "/" + start;
  }

  /**
   * The bucket that a key names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static Bucket of(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("Not the key of a bucket: " + key);
    }
    var size = BucketSize.of(key.substring(0, slash));
    try {
      return new Bucket(size, Instant.parse(key.substring(slash + 1)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("Not the key of a bucket: " + key, e);
    }
  }
}
