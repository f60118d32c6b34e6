package shop.payment;

import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.common.id.Uuids;

/**
 * Cancels the payment of an order, whatever its state, so that the customer pays nothing. Without
 * an intent it logs a void, which stops every later start. It cancels an intent at the PSP and then
 * logs the void. Of a charge it refunds the remainder.
 */
@Component
public final class Canceller {

  private final Payments payments;
  private final PaymentProvider provider;
  private final Refunder refunder;

  Canceller(Payments payments, PaymentProvider provider, Refunder refunder) {
    this.payments = payments;
    this.provider = provider;
    this.refunder = refunder;
  }

  /** The id of the first refund that a cancel makes, the same for every attempt. */
  public static UUID refundId(UUID orderId) {
    return Uuids.v5(orderId, "cancel");
  }

  /** The id of the next refund: one that is final is never requested again. */
  private static UUID nextRefundId(Payment payment) {
    var id = refundId(payment.orderId());
    for (int n = 2; payment.refund(id).filter(Refund::isFinal).isPresent(); n++) {
      id = Uuids.v5(payment.orderId(), "cancel/" + n);
    }
    return id;
  }

  /**
   * Voids the payment or refunds it, unless the log already has the result.
   *
   * @return false if the result is still pending at the PSP
   * @throws ProviderFailure.Rejected if the PSP does not refund the whole charge
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean cancel(PaymentTask.Cancel task) {
    // Reads to the end: the remainder must not be computed from an old state.
    Payment payment =
        payments
            .current(task.orderId())
            .orElseGet(() ->
                payments.append(task.orderId(), new PaymentEvent.Voided(task.customerId(), null)));
    return switch (payment.status()) {
      case VOIDED -> true;
      case STARTED, DECLINED ->
          payment.intent() == null ? voidDecline(task) : cancelIntent(payment);
      case CAPTURED -> refund(payment);
    };
  }

  /** A decline without an intent has nothing at the PSP, and no later start counts. */
  private boolean voidDecline(PaymentTask.Cancel task) {
    payments.append(task.orderId(), new PaymentEvent.Voided(task.customerId(), null));
    return true;
  }

  private boolean cancelIntent(Payment payment) {
    var intent = payment.requireIntent();
    return switch (provider.cancel(intent)) {
      case IntentState.Canceled() -> {
        payments.append(
            intent.orderId(), new PaymentEvent.Voided(intent.customerId(), intent.id()));
        yield true;
      }
      case IntentState.Succeeded() ->
          refund(
              payments.append(
                  intent.orderId(),
                  new PaymentEvent.Captured(intent.customerId(), intent.id(), intent.amount())));
      case IntentState.Processing(), IntentState.Open(), IntentState.Declined(_) -> false;
    };
  }

  /**
   * Completes refunds that others have started first: one of them may fail, which enlarges the
   * remainder. If the PSP rejects the remainder, somebody may have refunded a part by hand.
   */
  private boolean refund(Payment payment) {
    boolean refundedBefore =
        payment.refunds().stream().anyMatch(refund -> refund.status() == Refund.Status.SUCCEEDED);
    // An earlier refund may have failed later.
    if (refundedBefore && !refunder.importRefunds(payment.requireIntent())) {
      return false;
    }
    var current = find(payment);
    for (var refund : current.refunds()) {
      if (!refund.isFinal() && !refunder.resume(current, refund.id())) {
        return false;
      }
    }
    var before = find(payment);
    boolean endedBefore =
        before.refund(refundId(payment.orderId())).filter(Refund::isFinal).isPresent();
    if (!endedBefore && !refundRemainder(before)) {
      return false;
    }
    var requested = find(payment);
    if (isFullyRefunded(requested)) {
      return true;
    }
    if (!refunder.importRefunds(payment.requireIntent())) {
      return false;
    }
    boolean refusedNow = !endedBefore && find(payment).refundable().equals(requested.refundable());
    if (!refusedNow && !refundRemainder(find(payment))) {
      return false;
    }
    var now = find(payment);
    if (!isFullyRefunded(now) && now.refunds().stream().allMatch(Refund::isFinal)) {
      throw refused(now);
    }
    return isFullyRefunded(now);
  }

  /** Becomes a dead letter at once: the same request would be refused again. */
  private static ProviderFailure.Rejected refused(Payment payment) {
    return new ProviderFailure.Rejected(
        ("The payment provider refuses to refund the remaining %s of the charge (%s). Refund it by"
                + " hand in the provider's dashboard, then retry or discard again; of a disputed"
                + " charge the customer's bank decides, so retry when the dispute has ended")
            .formatted(
                payment.refundable(),
                payment.refunds().stream()
                    .map(Refund::reason)
                    .filter(Objects::nonNull)
                    .reduce((_, last) -> last)
                    .orElse("no reason given")),
        null);
  }

  private boolean refundRemainder(Payment payment) {
    return payment.refundable().amount() <= 0
        || refunder.refund(
            new PaymentTask.Refund(
                payment.orderId(),
                payment.customerId(),
                nextRefundId(payment),
                payment.refundable()));
  }

  private Payment find(Payment payment) {
    return payments.find(payment.orderId()).orElseThrow();
  }

  /** Counts refunds that have succeeded; started ones may still fail. */
  private static boolean isFullyRefunded(Payment payment) {
    return payment.refunded().equals(payment.captured());
  }
}
