package shop.sandbox;

import java.util.Locale;

/** Where a PaymentIntent stands; the names on the wire are the lower-case ones. */
public enum IntentStatus {
  /** Nothing to charge yet, or the last attempt was declined. */
  REQUIRES_PAYMENT_METHOD,
  /** Has a payment method and waits for the merchant's word. */
  REQUIRES_CONFIRMATION,
  /** The cardholder must authenticate. */
  REQUIRES_ACTION,
  /** A bank debit is under way. */
  PROCESSING,
  /** The money is held and waits for its capture. */
  REQUIRES_CAPTURE,
  /** The money was captured. */
  SUCCEEDED,
  /** Ended without a capture. */
  CANCELED;

  /** Stripe's spelling. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a confirmation may follow. */
  public boolean canBeConfirmed() {
    return switch (this) {
      case REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_ACTION -> true;
      case PROCESSING, REQUIRES_CAPTURE, SUCCEEDED, CANCELED -> false;
    };
  }

  /** Whether a cancellation may follow; a debit that is under way can still be stopped. */
  public boolean canBeCanceled() {
    return this != SUCCEEDED && this != CANCELED;
  }
}
