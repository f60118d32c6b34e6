package shop.order;

import shop.common.json.Json;

/**
 * The command to place an order together with its JSON: the bytes that are kept under the key,
 * appended to the log and shown, written once.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
public record WrittenOrder(PlaceOrder order, byte[] json) {

  public static WrittenOrder of(PlaceOrder order) {
    return new WrittenOrder(order, Json.bytes(order));
  }

  /**
   * Reads what was written.
   *
   * @throws shop.common.json.MalformedJson if the bytes are no order's
   */
  public static WrittenOrder read(byte[] json) {
    return new WrittenOrder(Json.read(json, PlaceOrder.class), json);
  }
}
