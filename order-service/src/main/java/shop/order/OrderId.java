package shop.order;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import shop.common.id.Uuids;

/** The id of an order, derived from customer and idempotency key: one key places one order. */
public record OrderId(UUID value) {

  /** The id that a customer's key permanently stands for. */
  public static OrderId of(UUID customerId, IdempotencyKey key) {
    return new OrderId(Uuids.v5(customerId, key.value()));
  }

  /**
   * Parses an id.
   *
   * @throws IllegalArgumentException if the text is not a UUID in its canonical form
   */
  @JsonCreator
  public static OrderId parse(String text) {
    UUID id = UUID.fromString(text);
    if (!id.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("Not a UUID: " + text);
    }
    return new OrderId(id);
  }

  @JsonValue
  @Override
  public String toString() {
    return value.toString();
  }
}
