package shop.order.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.time.Rfc3339;
import shop.order.Deadline;

/** The header {@code deadline} of a record that has reserved stock: an RFC 3339 time. */
public final class DeadlineHeader {

  public static final String NAME = "deadline";

  private DeadlineHeader() {}

  /**
   * Reads the deadline of a record; empty if it has none.
   *
   * @throws MalformedEvent if the header is not an RFC 3339 time
   */
  public static Optional<Deadline> read(Headers headers) {
    @Nullable Header header = headers.lastHeader(NAME);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Deadline(Rfc3339.parse(new String(header.value(), UTF_8))));
    } catch (DateTimeException e) {
      throw new MalformedEvent("The header 'deadline' is not an RFC 3339 time", e);
    }
  }

  /** Adds a deadline to the headers of a record. */
  public static void write(Headers headers, Deadline deadline) {
    headers.add(NAME, deadline.at().toString().getBytes(UTF_8));
  }
}
