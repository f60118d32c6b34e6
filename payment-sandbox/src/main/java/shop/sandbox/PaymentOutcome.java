package shop.sandbox;

import org.jspecify.annotations.Nullable;

/** What a test payment method does when it is charged. */
public sealed interface PaymentOutcome {

  /** The bank agrees. */
  record Approved() implements PaymentOutcome {}

  /** The bank refuses, with Stripe's code, decline code and sentence. */
  record Declined(String code, @Nullable String declineCode, String message)
      implements PaymentOutcome {}

  /** The cardholder must authenticate first, which nobody does in a sandbox. */
  record ActionRequired(Declined ifNotAllowed) implements PaymentOutcome {}

  /** Pending for a while, then as said; {@code then == null} stays pending for ever. */
  record Pending(@Nullable PaymentOutcome then) implements PaymentOutcome {}
}
