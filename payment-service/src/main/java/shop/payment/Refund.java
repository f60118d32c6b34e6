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
 * @param succeededAt when the PSP had refunded the amount, also if the refund failed after that
 */
public record Refund(
    UUID id,
    Money amount,
    int attempt,
    Status status,
    @Nullable String pspId,
    @Nullable String reason,
    Instant startedAt,
    @Nullable Instant succeededAt,
    Instant updatedAt) {

  /** The status of a refund. */
  public enum Status {
    /** Its amount is reserved; the PSP's result is not known yet. */
    STARTED,
    /** It exceeded the refundable amount when it was logged: the PSP never receives it. */
    REFUSED,
    /** The PSP has refunded the amount. Final, unless the customer's bank sends it back. */
    SUCCEEDED,
    /** The PSP rejected it, or an admin discarded it: nothing was refunded. Final. */
    FAILED,
    /** It failed after it had succeeded (a closed card): the PSP has the amount again. Final. */
    FAILED_LATER
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
        null,
        at);
  }

  static Refund neverStarted(PaymentEvent.RefundFailed event, Instant at) {
    return new Refund(
        event.refundId(), event.amount(), 1, Status.FAILED, null, event.reason(), at, null, at);
  }

  /** True if its amount was refunded or is reserved, so that it cannot be refunded again. */
  public boolean reducesRefundable() {
    return status == Status.STARTED || status == Status.SUCCEEDED;
  }

  /** True if the refund has its result. */
  public boolean isFinal() {
    return switch (status) {
      case SUCCEEDED, FAILED, FAILED_LATER -> true;
      case STARTED, REFUSED -> false;
    };
  }

  /** Its events in the log that took effect. */
  List<PaymentEvent> events(Intent intent) {
    var customer = intent.customerId();
    var started = new PaymentEvent.RefundStarted(customer, intent.id(), id, attempt, amount);
    return switch (status) {
      case STARTED -> List.of(started);
      case REFUSED -> List.of();
      case SUCCEEDED -> List.of(started, refunded(intent));
      case FAILED_LATER ->
          List.of(
              started,
              refunded(intent),
              new PaymentEvent.RefundFailedLater(
                  customer, intent.id(), id, requirePspId(), amount, requireReason()));
      case FAILED ->
          List.of(
              new PaymentEvent.RefundFailed(customer, intent.id(), id, amount, requireReason()));
    };
  }

  private PaymentEvent refunded(Intent intent) {
    return new PaymentEvent.Refunded(intent.customerId(), intent.id(), id, requirePspId(), amount);
  }

  private String requirePspId() {
    return requireNonNull(pspId, "A refund that has succeeded has the PSP's id");
  }

  private String requireReason() {
    return requireNonNull(reason, "A failed refund has a reason");
  }

  Refund withAttempt(int number, Instant at) {
    return status == Status.STARTED && number > attempt
        ? new Refund(id, amount, number, status, pspId, reason, startedAt, succeededAt, at)
        : this;
  }

  /** Takes effect after a failure, too: the money has moved. */
  Refund succeeded(String pspRefundId, Instant at) {
    return status == Status.SUCCEEDED || status == Status.FAILED_LATER
        ? this
        : new Refund(id, amount, attempt, Status.SUCCEEDED, pspRefundId, null, startedAt, at, at);
  }

  /** Takes effect only after the success that it ends. */
  Refund failedLater(String pspRefundId, String failureReason, Instant at) {
    return status == Status.SUCCEEDED && pspRefundId.equals(pspId)
        ? new Refund(
            id,
            amount,
            attempt,
            Status.FAILED_LATER,
            pspId,
            failureReason,
            startedAt,
            succeededAt,
            at)
        : this;
  }

  Refund failed(String failureReason, Instant at) {
    return isFinal()
        ? this
        : new Refund(id, amount, attempt, Status.FAILED, null, failureReason, startedAt, null, at);
  }
}
