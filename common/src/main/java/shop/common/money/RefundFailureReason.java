package shop.common.money;

/**
 * Why a refund failed, as customers may know it.
 *
 * @see <a href="https://docs.stripe.com/refunds#failed-refunds">Stripe: failed refunds</a>
 */
public enum RefundFailureReason {
  /** The card or account that was charged takes no refund. */
  CARD_UNAVAILABLE("card_unavailable"),
  /** Less than that is left of the charge. */
  MORE_THAN_IS_LEFT("more_than_is_left"),
  /** The shop withdrew it. */
  DISCARDED("discarded"),
  /** Everything else. */
  REFUND_DECLINED("refund_declined");

  private final String code;

  RefundFailureReason(String code) {
    this.code = code;
  }

  /** The stable name, in the API and in events. */
  public String code() {
    return code;
  }

  /** The reason of a provider's code, or of a published one. */
  public static RefundFailureReason of(String code) {
    return switch (code) {
      case "card_unavailable", "expired_or_canceled_card", "lost_or_stolen_card" ->
          CARD_UNAVAILABLE;
      case "more_than_is_left", "charge_already_refunded" -> MORE_THAN_IS_LEFT;
      case "discarded", "merchant_request" -> DISCARDED;
      default -> REFUND_DECLINED;
    };
  }
}
