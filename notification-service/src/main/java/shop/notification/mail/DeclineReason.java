package shop.notification.mail;

/**
 * A payment provider's decline code in words for the customer. Codes that accuse somebody (lost,
 * stolen, fraudulent) say what a plain decline says.
 *
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe's decline codes</a>
 */
final class DeclineReason {

  private DeclineReason() {}

  static String inWords(String code) {
    return switch (code) {
      case "insufficient_funds" -> "The account behind your card does not have enough funds.";
      case "expired_card" -> "Your card has expired.";
      case "incorrect_cvc", "invalid_cvc" -> "The security code of your card did not match.";
      case "incorrect_number", "invalid_number" -> "The card number is not valid.";
      case "invalid_expiry_month", "invalid_expiry_year" -> "The card's expiry date is not valid.";
      case "card_velocity_exceeded", "withdrawal_count_limit_exceeded" ->
          "The limit of your card was reached.";
      case "card_not_supported", "currency_not_supported" ->
          "Your card does not support this kind of purchase.";
      case "authentication_required" ->
          "Your bank wants you to confirm the payment, and that did not happen.";
      case "processing_error", "issuer_not_available", "try_again_later" ->
          "Your bank could not process the payment at the moment.";
      default -> "Your bank declined the payment.";
    };
  }
}
