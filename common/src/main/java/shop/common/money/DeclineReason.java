package shop.common.money;

/**
 * Why a payment was declined, as customers may know it. The provider's codes say more than that:
 * {@code stolen_card} or {@code fraudulent} would warn a thief, and Stripe asks to present them as
 * a generic decline. Only payment-service's log and admins have the provider's code.
 *
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe's decline codes</a>
 */
public enum DeclineReason {
  INSUFFICIENT_FUNDS("insufficient_funds"),
  EXPIRED_CARD("expired_card"),
  INCORRECT_CVC("incorrect_cvc"),
  INCORRECT_NUMBER("incorrect_number"),
  INVALID_EXPIRY("invalid_expiry"),
  CARD_LIMIT_REACHED("card_limit_reached"),
  /** The card or bank does not support this kind of purchase. */
  NOT_SUPPORTED("not_supported"),
  /** The cardholder did not confirm the payment. */
  AUTHENTICATION_REQUIRED("authentication_required"),
  TRY_AGAIN_LATER("try_again_later"),
  /** The payment method does not exist, or cannot be used, or not again. */
  INVALID_PAYMENT_METHOD("invalid_payment_method"),
  /** The provider does not charge so little or so much. */
  AMOUNT_NOT_SUPPORTED("amount_not_supported"),
  /** Everything else, also reasons that customers must not learn, such as a stolen card. */
  PAYMENT_DECLINED("payment_declined");

  private final String code;

  DeclineReason(String code) {
    this.code = code;
  }

  /** The stable name, in the API and in events. */
  public String code() {
    return code;
  }

  /** The reason of a provider's code, or of a published one. */
  public static DeclineReason of(String code) {
    return switch (code) {
      case "insufficient_funds" -> INSUFFICIENT_FUNDS;
      case "expired_card" -> EXPIRED_CARD;
      case "incorrect_cvc", "invalid_cvc" -> INCORRECT_CVC;
      case "incorrect_number", "invalid_number" -> INCORRECT_NUMBER;
      case "invalid_expiry", "invalid_expiry_month", "invalid_expiry_year" -> INVALID_EXPIRY;
      case "card_limit_reached", "card_velocity_exceeded", "withdrawal_count_limit_exceeded" ->
          CARD_LIMIT_REACHED;
      case "not_supported",
          "card_not_supported",
          "currency_not_supported",
          "payment_method_currency_mismatch" ->
          NOT_SUPPORTED;
      case "authentication_required" -> AUTHENTICATION_REQUIRED;
      case "try_again_later",
          "processing_error",
          "issuer_not_available",
          "reenter_transaction",
          "payment_method_provider_timeout" ->
          TRY_AGAIN_LATER;
      case "invalid_payment_method",
          "resource_missing",
          "payment_method_unusable",
          "payment_method_invalid_parameter",
          "payment_method_not_available",
          "payment_method_unactivated",
          "payment_method_unexpected_state",
          "payment_intent_incompatible_payment_method" ->
          INVALID_PAYMENT_METHOD;
      case "amount_not_supported",
          "amount_too_small",
          "amount_too_large",
          "invalid_charge_amount" ->
          AMOUNT_NOT_SUPPORTED;
      default -> PAYMENT_DECLINED;
    };
  }
}
