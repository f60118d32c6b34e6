package shop.sandbox;

import java.util.Locale;

/** The status of a PaymentIntent; Stripe's API uses the names in lower case. */
public enum IntentStatus {
  /** No payment method yet, or the last attempt was declined. */
  REQUIRES_PAYMENT_METHOD,
  /** Has a payment method; the merchant must confirm. */
  REQUIRES_CONFIRMATION,
  /** The cardholder must authenticate. */
  REQUIRES_ACTION,
  /** A bank debit is processing. */
  PROCESSING,
  /** The money is held until it is captured. */
  REQUIRES_CAPTURE,
  /** The money was captured. */
  SUCCEEDED,
  /** Canceled without a capture. */
  CANCELED;

  /** Stripe's spelling. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the intent can be confirmed. */
  public boolean canBeConfirmed() {
    return switch (this) {
      case REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_ACTION -> true;
      case PROCESSING, REQUIRES_CAPTURE, SUCCEEDED, CANCELED -> false;
    };
  }

  /** Whether the intent can be canceled; a debit that is processing can still be stopped. */
  public boolean canBeCanceled() {
    return this != SUCCEEDED && this != CANCELED;
  }
}
