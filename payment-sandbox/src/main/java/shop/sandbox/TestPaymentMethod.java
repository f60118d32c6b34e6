package shop.sandbox;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import shop.sandbox.PaymentOutcome.ActionRequired;
import shop.sandbox.PaymentOutcome.Approved;
import shop.sandbox.PaymentOutcome.Declined;
import shop.sandbox.PaymentOutcome.Pending;
import shop.sandbox.PaymentOutcome.Unusable;

/**
 * The payment methods that the sandbox supports, with Stripe's test ids where there is one.
 *
 * @see <a href="https://docs.stripe.com/testing">docs.stripe.com/testing</a>
 */
public enum TestPaymentMethod {
  VISA("pm_card_visa"),
  MASTERCARD("pm_card_mastercard"),
  AMEX("pm_card_amex"),
  PENDING_REFUND("pm_card_pendingRefund"),
  REFUND_FAIL("pm_card_refundFail"),
  VISA_DECLINED("pm_card_visa_chargeDeclined"),
  DECLINED("pm_card_chargeDeclined"),
  VISA_INSUFFICIENT_FUNDS("pm_card_visa_chargeDeclinedInsufficientFunds"),
  INSUFFICIENT_FUNDS("pm_card_chargeDeclinedInsufficientFunds"),
  LOST("pm_card_visa_chargeDeclinedLostCard"),
  STOLEN("pm_card_visa_chargeDeclinedStolenCard"),
  EXPIRED("pm_card_chargeDeclinedExpiredCard"),
  INCORRECT_CVC("pm_card_chargeDeclinedIncorrectCvc"),
  PROCESSING_ERROR("pm_card_chargeDeclinedProcessingError"),
  AUTHENTICATION_REQUIRED("pm_card_authenticationRequired"),
  /** The sandbox's own: it was used for another payment before the intent is created. */
  USED_BEFORE("pm_card_visa_usedBefore"),
  /** The sandbox's own: it was used for another payment before the intent is confirmed. */
  USED_MEANWHILE("pm_card_visa_usedMeanwhile"),
  BANK_DEBIT("pm_usBankAccount_success"),
  BANK_DEBIT_INSUFFICIENT_FUNDS("pm_usBankAccount_insufficientFunds"),
  BANK_DEBIT_PENDING("pm_usBankAccount_processing");

  private static final Map<String, TestPaymentMethod> BY_ID =
      Arrays.stream(values()).collect(Collectors.toMap(TestPaymentMethod::id, Function.identity()));

  private final String id;

  TestPaymentMethod(String id) {
    this.id = id;
  }

  /** Stripe's id, {@code pm_…}. */
  public String id() {
    return id;
  }

  /** The outcome of charging it, always the same. */
  public PaymentOutcome outcome() {
    return switch (this) {
      case VISA, MASTERCARD, AMEX, PENDING_REFUND, REFUND_FAIL -> new Approved();
      case VISA_DECLINED, DECLINED -> declined("generic_decline", "Your card was declined.");
      case VISA_INSUFFICIENT_FUNDS, INSUFFICIENT_FUNDS ->
          declined("insufficient_funds", "Your card has insufficient funds.");
      case LOST -> declined("lost_card", "Your card was declined.");
      case STOLEN -> declined("stolen_card", "Your card was declined.");
      case EXPIRED -> new Declined("expired_card", null, "Your card has expired.");
      case INCORRECT_CVC ->
          new Declined("incorrect_cvc", null, "Your card's security code is incorrect.");
      case PROCESSING_ERROR ->
          new Declined(
              "processing_error",
              null,
              "An error occurred while processing your card. Try again in a little bit.");
      case AUTHENTICATION_REQUIRED ->
          new ActionRequired(
              new Declined(
                  "authentication_required",
                  "authentication_required",
                  "Your card was declined. This transaction requires authentication."));
      case USED_BEFORE, USED_MEANWHILE -> new Unusable();
      case BANK_DEBIT -> new Pending(new Approved());
      case BANK_DEBIT_INSUFFICIENT_FUNDS ->
          new Pending(
              new Declined(
                  "payment_method_provider_decline",
                  "insufficient_funds",
                  "The customer's account has insufficient funds to cover this payment."));
      case BANK_DEBIT_PENDING -> new Pending(null);
    };
  }

  /** Whether its refunds are pending for a while. */
  public boolean refundsArePending() {
    return this == PENDING_REFUND;
  }

  /** Whether its refunds fail some time after they have succeeded, as those of a closed card. */
  public boolean refundsFailLater() {
    return this == REFUND_FAIL;
  }

  /** {@code card} or {@code us_bank_account}. */
  public String type() {
    return id.startsWith("pm_card") ? "card" : "us_bank_account";
  }

  /** Returns the payment method with this id, if there is one. */
  public static Optional<TestPaymentMethod> of(String id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  private static Declined declined(String declineCode, String message) {
    return new Declined("card_declined", declineCode, message);
  }
}
