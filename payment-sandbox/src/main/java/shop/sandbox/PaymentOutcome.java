package shop.sandbox;

import org.jspecify.annotations.Nullable;

/** The outcome of charging a test payment method. */
public sealed interface PaymentOutcome {

  /** The bank approves the charge. */
  record Approved() implements PaymentOutcome {}

  /** The bank declines the charge, with Stripe's code, decline code and message. */
  record Declined(String code, @Nullable String declineCode, String message)
      implements PaymentOutcome {}

  /** The cardholder must authenticate first; the sandbox offers no way to do so. */
  record ActionRequired(Declined ifNotAllowed) implements PaymentOutcome {}

  /**
   * The charge is processing for a while and then has the outcome {@code then}; null: it stays
   * processing permanently.
   */
  record Pending(@Nullable PaymentOutcome then) implements PaymentOutcome {}

  /**
   * The payment method cannot be used again: the call is refused, and the intent stays as it is.
   */
  record Unusable() implements PaymentOutcome {}
}
