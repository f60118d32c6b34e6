package shop.notification.mail;

/**
 * Describes a payment provider's decline code to the customer. Codes that imply fraud (lost,
 * stolen, fraudulent) are described like a generic decline.
 *
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe's decline codes</a>
 */
final class DeclineReason {

  private DeclineReason() {}

  static String describe(String code) {
    return switch (code) {
      case "insufficient_funds" -> "The account behind your card does not have enough funds.";
      case "expired_card" -> "Your card has expired.";
      case "incorrect_cvc", "invalid_cvc" -> "The security code of your card is incorrect.";
      case "incorrect_number", "invalid_number" -> "The card number is not valid.";
      case "invalid_expiry_month", "invalid_expiry_year" -> "The card's expiry date is not valid.";
      case "card_velocity_exceeded", "withdrawal_count_limit_exceeded" ->
          "Your card has reached its limit.";
      case "card_not_supported", "currency_not_supported" ->
          "Your card does not support this kind of purchase.";
      case "authentication_required" ->
          "Your bank asked you to confirm the payment, but it was not confirmed.";
      case "processing_error", "issuer_not_available", "try_again_later" ->
          "Your bank could not process the payment at the moment.";
      default -> "Your bank declined the payment.";
    };
  }
}
