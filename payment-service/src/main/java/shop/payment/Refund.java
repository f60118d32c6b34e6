package shop.payment;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * Money that is given back, folded from the log.
 *
 * @param id ours; the PSP has it in the refund's metadata
 * @param attempt the number of the PSP's idempotency key, from 1; it grows only once the PSP has
 *     ended what was asked under the number before
 * @param pspId the PSP's id, {@code re_…}, once it gave the money back
 * @param reason why it came to nothing, if it did
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

  /** How far a refund has got. */
  public enum Status {
    /** The sum is set aside; whether the PSP has given it back is open. */
    STARTED,
    /** More than was left when it was logged: the PSP is never asked. */
    REFUSED,
    /** The customer has the money back. Final. */
    SUCCEEDED,
    /** The PSP refused, or nobody asks for it any more: nothing was given back. Final. */
    FAILED
  }

  static Refund started(PaymentEvent.RefundStarted event, boolean fits, Instant at) {
    return new Refund(
        event.refundId(),
        event.amount(),
        event.attempt(),
        fits ? Status.STARTED : Status.REFUSED,
        null,
        null,
        at,
        at);
  }

  static Refund neverStarted(PaymentEvent.RefundFailed event, Instant at) {
    return new Refund(
        event.refundId(), event.amount(), 1, Status.FAILED, null, event.reason(), at, at);
  }

  /** True while the sum is not the merchant's to give again. */
  public boolean takesFromTheSum() {
    return status == Status.STARTED || status == Status.SUCCEEDED;
  }

  /** True if nothing more will happen to it. */
  public boolean isFinal() {
    return status == Status.SUCCEEDED || status == Status.FAILED;
  }

  /** What the log says of it, as far as it counted. */
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
                  customer, intent.id(), id, requireNonNull(pspId, "It was given back"), amount));
      case FAILED ->
          List.of(
              new PaymentEvent.RefundFailed(
                  customer, intent.id(), id, amount, requireNonNull(reason, "It failed")));
    };
  }

  Refund again(int number, Instant at) {
    return status == Status.STARTED && number > attempt
        ? new Refund(id, amount, number, status, pspId, reason, startedAt, at)
        : this;
  }

  /** Money that has moved counts, whatever was said of it before. */
  Refund succeeded(String pspRefundId, Instant at) {
    return status == Status.SUCCEEDED
        ? this
        : new Refund(id, amount, attempt, Status.SUCCEEDED, pspRefundId, null, startedAt, at);
  }

  Refund failed(String why, Instant at) {
    return isFinal()
        ? this
        : new Refund(id, amount, attempt, Status.FAILED, null, why, startedAt, at);
  }
}
