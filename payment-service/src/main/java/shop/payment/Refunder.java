package shop.payment;

import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Gives money back: log the attempt, which sets the sum aside, ask the PSP under a key made from
 * it, log what came of it. The key changes only once the PSP has ended the call under the one
 * before and has no refund of ours: so two instances, or a try after a lost answer, never give the
 * same money back twice. In sum the log never lets in more than was captured.
 */
@Component
public final class Refunder {

  private static final String TOO_MUCH = "more_than_is_left";
  private static final String DISCARDED = "discarded";

  private final Payments payments;
  private final PaymentProvider provider;

  Refunder(Payments payments, PaymentProvider provider) {
    this.payments = payments;
    this.provider = provider;
  }

  /**
   * Gives back what is asked for, unless the log already tells the end of it.
   *
   * @return false if the PSP will know the end later
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   * @throws IllegalStateException if the log knows no payment of the order
   */
  public boolean refund(Duty.GiveBack due) {
    Payment known =
        payments
            .find(due.orderId())
            .or(() -> payments.current(due.orderId()))
            .filter(payment -> payment.intent() != null)
            .orElseThrow(() ->
                new IllegalStateException("A refund is asked of an order that was never charged"));
    var intent = known.requireIntent();
    if (known.refund(due.refundId()).isPresent()) {
      return resume(known, due.refundId());
    }
    Payment started =
        payments.record(
            due.orderId(),
            new PaymentEvent.RefundStarted(
                intent.customerId(), intent.id(), due.refundId(), 1, due.amount()));
    Refund refund = started.refund(due.refundId()).orElseThrow();
    boolean first = refund.status() == Refund.Status.STARTED && refund.attempt() == 1;
    return first ? ask(intent, refund) : resume(started, due.refundId());
  }

  /** Goes on with a refund that the log names: the PSP may have made it already. */
  boolean resume(Payment payment, UUID refundId) {
    Refund refund = payment.refund(refundId).orElseThrow();
    var intent = payment.requireIntent();
    return switch (refund.status()) {
      case SUCCEEDED, FAILED -> true;
      case REFUSED -> fail(intent, refund, TOO_MUCH);
      case STARTED -> {
        var found = provider.findRefund(intent, refundId);
        yield found.isPresent() ? conclude(intent, refund, found.get()) : ask(intent, refund);
      }
    };
  }

  /**
   * Ends a refund that nobody asks for any more: it has happened, or it never will.
   *
   * @return false if the PSP will know the end later
   */
  public boolean settle(Duty.GiveBack due) {
    var payment = payments.current(due.orderId()).filter(known -> known.intent() != null);
    if (payment.isEmpty()) {
      return true;
    }
    var intent = payment.get().requireIntent();
    var refund = payment.get().refund(due.refundId());
    if (refund.filter(Refund::isFinal).isPresent()) {
      return true;
    }
    var found = provider.findRefund(intent, due.refundId());
    if (refund.isPresent() && found.isPresent()) {
      return conclude(intent, refund.get(), found.get());
    }
    payments.record(
        due.orderId(),
        new PaymentEvent.RefundFailed(
            intent.customerId(), intent.id(), due.refundId(), due.amount(), DISCARDED));
    return true;
  }

  private boolean ask(Intent intent, Refund refund) {
    try {
      return conclude(intent, refund, provider.refund(intent, refund));
    } catch (ProviderFailure.Spent e) {
      var found = provider.findRefund(intent, refund.id());
      return found.isPresent() ? conclude(intent, refund, found.get()) : askAnew(intent, refund);
    }
  }

  /** The PSP has ended the last attempt without a refund, so another key gives nothing twice. */
  private boolean askAnew(Intent intent, Refund refund) {
    Refund next =
        payments
            .record(
                intent.orderId(),
                new PaymentEvent.RefundStarted(
                    intent.customerId(),
                    intent.id(),
                    refund.id(),
                    refund.attempt() + 1,
                    refund.amount()))
            .refund(refund.id())
            .orElseThrow();
    return next.isFinal() || ask(intent, next);
  }

  private boolean conclude(Intent intent, Refund refund, RefundState state) {
    return switch (state) {
      case RefundState.Succeeded(String pspId) -> {
        payments.record(
            intent.orderId(),
            new PaymentEvent.Refunded(
                intent.customerId(), intent.id(), refund.id(), pspId, refund.amount()));
        yield true;
      }
      case RefundState.Pending() -> false;
      case RefundState.Failed(String reason) -> fail(intent, refund, reason);
      case RefundState.Refused(String reason) -> {
        // Perhaps it is refused because it was made already, by a call whose answer was lost.
        var found = provider.findRefund(intent, refund.id());
        yield found.isPresent()
            ? conclude(intent, refund, found.get())
            : fail(intent, refund, reason);
      }
    };
  }

  private boolean fail(Intent intent, Refund refund, String reason) {
    payments.record(
        intent.orderId(),
        new PaymentEvent.RefundFailed(
            intent.customerId(), intent.id(), refund.id(), refund.amount(), reason));
    return true;
  }
}
