package shop.order;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import shop.common.id.Uuids;

/** Names an order. Made from the customer and the idempotency key, so a key makes one order. */
public record OrderId(UUID value) {

  /** The order that a customer's key stands for, now and for ever. */
  public static OrderId of(UUID customerId, IdempotencyKey key) {
    return new OrderId(Uuids.v5(customerId, key.value()));
  }

  /**
   * Reads an id.
   *
   * @throws IllegalArgumentException if the text is no UUID in its canonical form
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
