package shop.order.kafka;

import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.order.OrderSummary;

/**
 * The header {@code order_summary} of a command to place an order, and of the records about an
 * order that is withheld: JSON.
 */
public final class OrderSummaryHeader {

  public static final String NAME = "order_summary";

  private OrderSummaryHeader() {}

  /**
   * Reads the summary of a record; empty if it has none.
   *
   * @throws MalformedEvent if the header is not JSON of a summary
   */
  public static Optional<OrderSummary> read(Headers headers) {
    @Nullable Header header = headers.lastHeader(NAME);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(header.value(), OrderSummary.class));
    } catch (MalformedJson e) {
      throw new MalformedEvent("The header 'order_summary' is malformed", e);
    }
  }

  /** Adds a summary to the headers of a record. */
  public static void write(Headers headers, OrderSummary summary) {
    headers.add(NAME, Json.bytes(summary));
  }
}
