package shop.payment;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * A refund of a charge or of a part of it, folded from the log.
 *
 * @param id our id; the PSP has it in the refund's metadata
 * @param attempt numbers the PSP's idempotency keys, from 1; it grows only after the PSP has ended
 *     the request with the number before
 * @param pspId the PSP's id, {@code re_…}, if the refund succeeded
 * @param reason the failure code, if it failed
 */
public record Refund(
    UUID id,
    Money amount,
    int attempt,
    Status status,
    @Nullable String pspId,
    @Nullable String reason,
    Instant startedAt,
    Instant updatedAt) {

  /** The status of a refund. */
  public enum Status {
    /** Its amount is reserved; the PSP's result is not known yet. */
    STARTED,
    /** It exceeded the refundable amount when it was logged: the PSP never receives it. */
    REFUSED,
    /** The PSP has refunded the amount. Final. */
    SUCCEEDED,
    /** The PSP rejected it, or an admin discarded it: nothing was refunded. Final. */
    FAILED
  }

  static Refund started(PaymentEvent.RefundStarted event, boolean accepted, Instant at) {
    return new Refund(
        event.refundId(),
        event.amount(),
        event.attempt(),
        accepted ? Status.STARTED : Status.REFUSED,
        null,
        null,
        at,
        at);
  }

  static Refund neverStarted(PaymentEvent.RefundFailed event, Instant at) {
    return new Refund(
        event.refundId(), event.amount(), 1, Status.FAILED, null, event.reason(), at, at);
  }

  /** True if its amount was refunded or is reserved, so that it cannot be refunded again. */
  public boolean reducesRefundable() {
    return status == Status.STARTED || status == Status.SUCCEEDED;
  }

  /** True if the refund has its result. */
  public boolean isFinal() {
    return status == Status.SUCCEEDED || status == Status.FAILED;
  }

  /** Its events in the log that took effect. */
  List<PaymentEvent> events(Intent intent) {
    var customer = intent.customerId();
    var started = new PaymentEvent.RefundStarted(customer, intent.id(), id, attempt, amount);
    return switch (status) {
      case STARTED -> List.of(started);
      case REFUSED -> List.of();
      case SUCCEEDED ->
          List.of(
              started,
              new PaymentEvent.Refunded(
                  customer,
                  intent.id(),
                  id,
                  requireNonNull(pspId, "A succeeded refund has the PSP's id"),
                  amount));
      case FAILED ->
          List.of(
              new PaymentEvent.RefundFailed(
                  customer,
                  intent.id(),
                  id,
                  amount,
                  requireNonNull(reason, "A failed refund has a reason")));
    };
  }

  Refund withAttempt(int number, Instant at) {
    return status == Status.STARTED && number > attempt
        ? new Refund(id, amount, number, status, pspId, reason, startedAt, at)
        : this;
  }

  /** Takes effect after a failure, too: the money has moved. */
  Refund succeeded(String pspRefundId, Instant at) {
    return status == Status.SUCCEEDED
        ? this
        : new Refund(id, amount, attempt, Status.SUCCEEDED, pspRefundId, null, startedAt, at);
  }

  Refund failed(String failureReason, Instant at) {
    return isFinal()
        ? this
        : new Refund(id, amount, attempt, Status.FAILED, null, failureReason, startedAt, at);
  }
}
