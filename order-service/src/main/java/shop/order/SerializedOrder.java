package shop.order;

import shop.common.json.Json;

/**
 * The command to place an order together with its JSON: the bytes that are kept under the key,
 * appended to the log and shown, written once.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
public record SerializedOrder(PlaceOrder order, byte[] json) {

  public static SerializedOrder of(PlaceOrder order) {
    return new SerializedOrder(order, Json.bytes(order));
  }

  /**
   * Reads what was written.
   *
   * @throws shop.common.json.MalformedJson if the bytes are no order's
   */
  public static SerializedOrder read(byte[] json) {
    return new SerializedOrder(Json.read(json, PlaceOrder.class), json);
  }
}
