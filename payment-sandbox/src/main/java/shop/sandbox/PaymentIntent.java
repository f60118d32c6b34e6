package shop.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's PaymentIntent, folded from its facts: {@link ChargeAttempt} and the methods here decide
 * which facts may follow, and only {@link #after} applies them. Amounts are minor units of {@code
 * currency} (lower-case ISO 4217).
 *
 * @param attempts number of charge attempts; part of the charge ids
 * @param lastError the decline of the last attempt
 */
public record PaymentIntent(
    String id,
    Instant created,
    long amount,
    String currency,
    boolean manualCapture,
    @Nullable String paymentMethod,
    Map<String, String> metadata,
    @Nullable String description,
    IntentStatus status,
    int attempts,
    long amountReceived,
    long amountRefunded,
    Fact.@Nullable Declined lastError,
    @Nullable Instant settlesAt,
    @Nullable Instant canceledAt,
    @Nullable String cancellationReason) {

  /** The metadata key that contains the shop's order id. */
  public static final String ORDER_ID = "order_id";

  private static final int ID_LENGTH = 24;

  /** A new intent. */
  public static PaymentIntent of(Fact.Created f) {
    var status =
        f.paymentMethod() == null
            ? IntentStatus.REQUIRES_PAYMENT_METHOD
            : IntentStatus.REQUIRES_CONFIRMATION;
    return new PaymentIntent(
        f.intent(),
        f.at(),
        f.amount(),
        f.currency(),
        f.manualCapture(),
        f.paymentMethod(),
        f.metadata(),
        f.description(),
        status,
        0,
        0,
        0,
        null,
        null,
        null,
        null);
  }

  /**
   * Captures held money; the remainder is released.
   *
   * @throws StripeError if nothing is held or the amount exceeds the amount held
   */
  public List<Fact> capture(Instant now, @Nullable Long toCapture) {
    if (status != IntentStatus.REQUIRES_CAPTURE) {
      throw StripeError.unexpectedState(
          ("This PaymentIntent could not be captured because it has a status of %s. Only a"
                  + " PaymentIntent with one of the following statuses may be captured:"
                  + " requires_capture.")
              .formatted(status.wire()),
          this);
    }
    if (toCapture != null && toCapture > amount) {
      throw StripeError.badParameter(
          "amount_too_large",
          "The amount to capture (%d) is larger than the amount that can be captured (%d)."
              .formatted(toCapture, amount),
          "amount_to_capture");
    }
    return List.of(new Fact.Captured(now, id, toCapture == null ? amount : toCapture));
  }

  /**
   * Cancels the intent without a charge.
   *
   * @throws StripeError if it has already succeeded or been canceled
   */
  public List<Fact> cancel(Instant now, @Nullable String reason) {
    if (!status.canBeCanceled()) {
      throw StripeError.unexpectedState(
          ("You cannot cancel this PaymentIntent because it has a status of %s. Only a"
                  + " PaymentIntent with one of the following statuses may be canceled:"
                  + " requires_payment_method, requires_capture, requires_confirmation,"
                  + " requires_action, processing.")
              .formatted(status.wire()),
          this);
    }
    return List.of(new Fact.Canceled(now, id, reason));
  }

  /** Returns this intent with the fact applied. */
  public PaymentIntent after(Fact fact) {
    return switch (fact) {
      case Fact.Confirmed f ->
          with(
              f.status(),
              f.paymentMethod(),
              f.manualCapture(),
              attempts + 1,
              amountReceived,
              amountRefunded,
              null,
              f.settlesAt());
      case Fact.Declined f ->
          with(
              IntentStatus.REQUIRES_PAYMENT_METHOD,
              null,
              manualCapture,
              status == IntentStatus.PROCESSING ? attempts : attempts + 1,
              amountReceived,
              amountRefunded,
              f,
              null);
      case Fact.Captured f ->
          with(
              IntentStatus.SUCCEEDED,
              paymentMethod,
              manualCapture,
              attempts,
              amountReceived + f.amount(),
              amountRefunded,
              null,
              null);
      case Fact.Refunded f ->
          with(
              status,
              paymentMethod,
              manualCapture,
              attempts,
              amountReceived,
              amountRefunded + f.refund().amount(),
              lastError,
              settlesAt);
      case Fact.Canceled f -> canceled(f);
      case Fact.Created _, Fact.KeyStored _ -> this;
    };
  }

  /** The id of the latest charge, {@code ch_…}, ending with the attempt's number. */
  public @Nullable String charge() {
    return attempts == 0 ? null : "ch_" + id.substring(3) + attempts;
  }

  /** Returns the id of a charge's intent, or null if the charge id has another format. */
  public static @Nullable String ofCharge(String charge) {
    return charge.startsWith("ch_") && charge.length() > 3 + ID_LENGTH
        ? "pi_" + charge.substring(3, 3 + ID_LENGTH)
        : null;
  }

  /** The amount that can be captured. */
  public long amountCapturable() {
    return status == IntentStatus.REQUIRES_CAPTURE ? amount : 0;
  }

  /** The shop's order id, if the merchant set it. */
  public @Nullable String orderId() {
    return metadata.get(ORDER_ID);
  }

  private PaymentIntent with(
      IntentStatus next,
      @Nullable String method,
      boolean manual,
      int tries,
      long received,
      long refunded,
      Fact.@Nullable Declined error,
      @Nullable Instant settles) {
    return new PaymentIntent(
        id,
        created,
        amount,
        currency,
        manual,
        method,
        metadata,
        description,
        next,
        tries,
        received,
        refunded,
        error,
        settles,
        canceledAt,
        cancellationReason);
  }

  private PaymentIntent canceled(Fact.Canceled f) {
    return new PaymentIntent(
        id,
        created,
        amount,
        currency,
        manualCapture,
        paymentMethod,
        metadata,
        description,
        IntentStatus.CANCELED,
        attempts,
        amountReceived,
        amountRefunded,
        lastError,
        null,
        f.at(),
        f.reason());
  }
}
