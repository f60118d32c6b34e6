package shop.order;

/**
 * The processor's record that the command to place an order is a dead letter. It has no sequence
 * number; the order is described by an {@link OrderSummary} in the record's headers.
 *
 * @param deadLetter id of the dead letter
 */
public record OrderWithheld(String deadLetter) {
  public static final String TYPE = "shop.order.withheld.v1";

  /**
   * The processor's record that such an order is cancelled, because its dead letter was discarded
   * and its command could not be read. It has no sequence number and the same headers.
   *
   * @param deadLetter id of the dead letter
   * @param reason shown to the customer
   */
  public record Ended(String deadLetter, String reason) {
    public static final String TYPE = "shop.order.withheld-ended.v1";
  }
}
