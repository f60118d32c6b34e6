package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;

/**
 * Until when something must have been appended that has pieces set aside for it. The broker's stamp
 * decides: what is later counts for nobody, for the pieces may be others' by then.
 */
public record Deadline(Instant at) {

  /** The record header that says it (RFC 3339). */
  public static final String HEADER = "deadline";

  /**
   * The deadline that a record bears.
   *
   * @throws MalformedEvent if it is no time
   */
  public static Optional<Deadline> of(Headers headers) {
    @Nullable Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Deadline(Instant.parse(new String(header.value(), UTF_8))));
    } catch (DateTimeParseException e) {
      throw new MalformedEvent("The deadline is no RFC 3339 time", e);
    }
  }

  /** Says it on a record. */
  public void mark(Headers headers) {
    headers.add(HEADER, at.toString().getBytes(UTF_8));
  }

  /**
   * True if a record came too late.
   *
   * @param timestamp of the record, milliseconds since 1970
   */
  public boolean isMissed(long timestamp) {
    return timestamp > at.toEpochMilli();
  }
}
