package shop.order;

import java.time.Instant;

/**
 * The latest time at which a record that has reserved stock may be appended to the log. The
 * broker's timestamp decides: a record appended later is ignored, because its reservation may have
 * been released by then.
 */
public record Deadline(Instant at) {

  /**
   * True if a record was appended after this deadline.
   *
   * @param timestamp of the record, set by the broker; milliseconds since 1970
   */
  public boolean isMissed(long timestamp) {
    return timestamp > at.toEpochMilli();
  }
}
