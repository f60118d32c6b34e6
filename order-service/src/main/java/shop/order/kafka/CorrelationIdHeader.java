package shop.order.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code command_given}: a random correlation id that a command carries, and that the
 * processor copies to the resulting event or answer. The command id cannot serve: two requests with
 * the same command id may be in flight at once and have different outcomes.
 */
public final class CorrelationIdHeader {

  public static final String NAME = "command_given";

  private CorrelationIdHeader() {}

  /** Reads the correlation id of a record; null if it has none. */
  public static @Nullable String read(Headers headers) {
    @Nullable Header header = headers.lastHeader(NAME);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /** Adds a correlation id to the headers of a command. */
  public static void write(Headers headers, String correlationId) {
    headers.add(NAME, correlationId.getBytes(UTF_8));
  }
}
