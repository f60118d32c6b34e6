package shop.analytics;

import java.time.DateTimeException;
import java.time.Instant;
import shop.common.time.Rfc3339;

/**
 * A period of event time. It never closes, so no event is too late for it.
 *
 * @param size the length of the period
 * @param start the inclusive start
 */
public record Bucket(BucketSize size, Instant start) {

  /** The record key: {@code minute/2026-11-21T09:30:00Z}. */
  public String key() {
    return size.label() + "/" + start;
  }

  /**
   * The bucket with a record key.
   *
   * @throws IllegalArgumentException if the key is malformed
   */
  public static Bucket of(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("Not a bucket key: " + key);
    }
    var size = BucketSize.of(key.substring(0, slash));
    try {
      return new Bucket(size, Rfc3339.parse(key.substring(slash + 1)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("Not a bucket key: " + key, e);
    }
  }
}
