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

  /** The id of the refund that a cancel makes, the same for every try. */
  public static UUID refundId(UUID orderId) {
    return Uuids.v5(orderId, "cancel");
  }

  /**
   * Voids the payment or gives the money back, unless the log already tells the end of it.
   *
   * @return false if the PSP will know the end later
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean cancel(Duty.Cancel due) {
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

  /** What others have begun to give back comes first: it may fail, and then it is left. */
  private boolean giveBack(Payment payment) {
    var own = refundId(payment.orderId());
    for (var refund : payment.refunds()) {
      if (!refund.isFinal() && !refunder.resume(payment, refund.id())) {
        return false;
      }
    }
    var now = payments.find(payment.orderId()).orElseThrow();
    return now.refund(own).isPresent()
        || now.left().amount() == 0
        || refunder.refund(new Duty.GiveBack(now.orderId(), now.customerId(), own, now.left()));
  }
}
