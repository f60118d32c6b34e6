package shop.notification.mail;

import shop.common.money.DeclineReason;

/** Describes a decline to the customer. */
final class DeclineText {

  private DeclineText() {}

  static String of(DeclineReason reason) {
    return switch (reason) {
      case INSUFFICIENT_FUNDS -> "The account behind your card does not have enough funds.";
      case EXPIRED_CARD -> "Your card has expired.";
      case INCORRECT_CVC -> "The security code of your card is incorrect.";
      case INCORRECT_NUMBER -> "The card number is not valid.";
      case INVALID_EXPIRY -> "The card's expiry date is not valid.";
      case CARD_LIMIT_REACHED -> "Your card has reached its limit.";
      case NOT_SUPPORTED -> "Your card does not support this kind of purchase.";
      case AUTHENTICATION_REQUIRED ->
          "Your bank asked you to confirm the payment, but it was not confirmed.";
      case TRY_AGAIN_LATER -> "Your bank could not process the payment at the moment.";
      case INVALID_PAYMENT_METHOD -> "This card cannot be used, or was used for another payment.";
      case AMOUNT_NOT_SUPPORTED -> "An amount like this cannot be charged.";
      case PAYMENT_DECLINED -> "Your bank declined the payment.";
    };
  }
}
