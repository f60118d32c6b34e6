package shop.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
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
  private final Clock clock;

  Refunder(Payments payments, PaymentProvider provider, Clock clock) {
    this.payments = payments;
    this.provider = provider;
    this.clock = clock;
  }

  /**
   * Gives back what is asked for, unless the log already tells the end of it.
   *
   * @return false if the PSP will know the end later
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   * @throws IllegalStateException if the log knows no payment of the order
   */
  public boolean refund(PaymentTask.GiveBack due) {
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
        var found = find(intent, refundId);
        yield found.isPresent() ? conclude(intent, refund, found.get()) : ask(intent, refund);
      }
    };
  }

  /**
   * Ends a refund that nobody asks for any more: it has happened, or it never will.
   *
   * @param asked when it was discarded; the PSP may still work on a call that was made before
   * @return false if the PSP will know the end later
   */
  public boolean settle(PaymentTask.GiveBack due, Instant asked) {
    var payment = payments.current(due.orderId()).filter(known -> known.intent() != null);
    if (payment.isEmpty()) {
      return true;
    }
    var intent = payment.get().requireIntent();
    var refund = payment.get().refund(due.refundId());
    if (refund.filter(Refund::isFinal).isPresent()) {
      return true;
    }
    // Before the PSP is asked: what it works on now may not be in its list yet.
    boolean underWay = refund.filter(known -> mayBeUnderWay(known, asked)).isPresent();
    var found = find(intent, due.refundId());
    if (refund.isPresent() && found.isPresent()) {
      return conclude(intent, refund.get(), found.get());
    }
    if (underWay) {
      return false;
    }
    payments.record(
        due.orderId(),
        new PaymentEvent.RefundFailed(
            intent.customerId(), intent.id(), due.refundId(), due.amount(), DISCARDED));
    return true;
  }

  /**
   * Takes into the log what the PSP has given back and the log does not tell: what somebody gave
   * back by hand, and what happened after it was given up.
   *
   * @return false if the PSP will know the end of one of its refunds later
   */
  boolean adopt(Intent intent) {
    var made = provider.refunds(intent);
    // After the PSP's list: so the log names every refund of ours that is in it.
    Payment payment = payments.current(intent.orderId()).orElseThrow();
    made.stream()
        .filter(refund -> refund.state() instanceof RefundState.Succeeded)
        .filter(refund ->
            payment.refunds().stream().noneMatch(known -> refund.id().equals(known.pspId())))
        .forEach(refund -> adopt(payment, refund));
    return made.stream().noneMatch(refund -> refund.state() instanceof RefundState.Pending);
  }

  private void adopt(Payment payment, ProviderRefund made) {
    var intent = payment.requireIntent();
    var id =
        payment.refunds().stream()
            .filter(known -> known.status() != Refund.Status.SUCCEEDED)
            .map(Refund::id)
            .filter(known -> made.is(known, payment.orderId()))
            .findFirst()
            .orElse(made.adoptedId(payment.orderId()));
    if (payment.refund(id).isEmpty()) {
      payments.record(
          payment.orderId(),
          new PaymentEvent.RefundStarted(intent.customerId(), intent.id(), id, 1, made.amount()));
    }
    payments.record(
        payment.orderId(),
        new PaymentEvent.Refunded(intent.customerId(), intent.id(), id, made.id(), made.amount()));
  }

  private boolean mayBeUnderWay(Refund refund, Instant asked) {
    var last = refund.updatedAt().isAfter(asked) ? refund.updatedAt() : asked;
    return refund.status() == Refund.Status.STARTED
        && clock.instant().isBefore(last.plus(provider.longestCall()));
  }

  /** Of several with one id (which only another hand could make) the one that came furthest. */
  private Optional<RefundState> find(Intent intent, UUID refundId) {
    return provider.refunds(intent).stream()
        .filter(made -> made.is(refundId, intent.orderId()))
        .map(ProviderRefund::state)
        .min(Comparator.comparingInt(Refunder::distance));
  }

  private static int distance(RefundState state) {
    return switch (state) {
      case RefundState.Succeeded _ -> 0;
      case RefundState.Pending _ -> 1;
      case RefundState.Failed _, RefundState.Refused _ -> 2;
    };
  }

  private boolean ask(Intent intent, Refund refund) {
    try {
      return conclude(intent, refund, provider.refund(intent, refund));
    } catch (ProviderFailure.Spent e) {
      var found = find(intent, refund.id());
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
        var found = find(intent, refund.id());
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
