package shop.order;

import shop.common.json.Json;

/**
 * The command to place an order together with its JSON, serialized once: the same bytes are stored
 * under the idempotency key, appended to the log and stored in the view.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
public record SerializedOrder(PlaceOrder order, byte[] json) {

  public static SerializedOrder of(PlaceOrder order) {
    return new SerializedOrder(order, Json.bytes(order));
  }

  /**
   * Reads a serialized command.
   *
   * @throws shop.common.json.MalformedJson if the bytes are not such a command
   */
  public static SerializedOrder read(byte[] json) {
    return new SerializedOrder(Json.read(json, PlaceOrder.class), json);
  }
}
