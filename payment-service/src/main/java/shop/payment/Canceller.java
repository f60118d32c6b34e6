package shop.payment;

import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.common.id.Uuids;

/**
 * Sees to it that a cancelled order costs its customer nothing, whatever has come before. Nothing
 * started: a void in the log, which every later start finds. An intent: cancelled at the PSP, then
 * voided in the log. A charge: given back, all that is left of it.
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

  /** The id of the first refund that a cancel makes, the same for every try. */
  public static UUID refundId(UUID orderId) {
    return Uuids.v5(orderId, "cancel");
  }

  /** The id of the next one: a refund that has come to its end is never asked for again. */
  private static UUID nextRefundId(Payment payment) {
    var id = refundId(payment.orderId());
    for (int n = 2; payment.refund(id).filter(Refund::isFinal).isPresent(); n++) {
      id = Uuids.v5(payment.orderId(), "cancel/" + n);
    }
    return id;
  }

  /**
   * Voids the payment or gives the money back, unless the log already tells the end of it.
   *
   * @return false if the PSP will know the end later
   * @throws ProviderFailure.Refused if the PSP does not give all the money back
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean cancel(PaymentTask.Cancel due) {
    // To the end: what is left to give back must not be reckoned from an old view.
    Payment payment =
        payments
            .current(due.orderId())
            .orElseGet(() ->
                payments.record(due.orderId(), new PaymentEvent.Voided(due.customerId(), null)));
    return switch (payment.status()) {
      case VOIDED -> true;
      case STARTED, DECLINED -> withdraw(payment);
      case CAPTURED -> giveBack(payment);
    };
  }

  private boolean withdraw(Payment payment) {
    var intent = payment.requireIntent();
    return switch (provider.cancel(intent)) {
      case IntentState.Canceled() -> {
        payments.record(
            intent.orderId(), new PaymentEvent.Voided(intent.customerId(), intent.id()));
        yield true;
      }
      case IntentState.Succeeded() ->
          giveBack(
              payments.record(
                  intent.orderId(),
                  new PaymentEvent.Captured(intent.customerId(), intent.id(), intent.amount())));
      case IntentState.Processing(), IntentState.Open(), IntentState.Declined(_) -> false;
    };
  }

  /**
   * What others have begun to give back comes first: it may fail, and then it is left. If the PSP
   * refuses the rest, perhaps somebody gave back a part by hand.
   */
  private boolean giveBack(Payment payment) {
    for (var refund : payment.refunds()) {
      if (!refund.isFinal() && !refunder.resume(payment, refund.id())) {
        return false;
      }
    }
    var before = find(payment);
    boolean endedBefore =
        before.refund(refundId(payment.orderId())).filter(Refund::isFinal).isPresent();
    if (!endedBefore && !giveTheRestBack(before)) {
      return false;
    }
    if (isGivenBack(find(payment))) {
      return true;
    }
    if (!refunder.adopt(payment.requireIntent()) || !giveTheRestBack(find(payment))) {
      return false;
    }
    var now = find(payment);
    if (!isGivenBack(now) && now.refunds().stream().allMatch(Refund::isFinal)) {
      throw new ProviderFailure.Refused(
          "The payment provider did not give back all that was charged for the order:"
              + " give the rest back by hand in its dashboard, then retry or discard again",
          null);
    }
    return isGivenBack(now);
  }

  private boolean giveTheRestBack(Payment payment) {
    return payment.left().amount() <= 0
        || refunder.refund(
            new PaymentTask.GiveBack(
                payment.orderId(), payment.customerId(), nextRefundId(payment), payment.left()));
  }

  private Payment find(Payment payment) {
    return payments.find(payment.orderId()).orElseThrow();
  }

  /** What is only promised is not given back yet. */
  private static boolean isGivenBack(Payment payment) {
    return payment.refunded().equals(payment.captured());
  }
}
