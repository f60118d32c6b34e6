package shop.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Refunds a charge or a part of it: logs the attempt, which reserves the amount, requests the
 * refund from the PSP under an idempotency key made of the attempt, and logs the result. The key
 * changes only after the PSP has ended the request with the key before and has no refund with our
 * id, so two instances, or an attempt after a lost response, never refund the same amount twice.
 * The log never accepts refunds that exceed the charge in total.
 */
@Component
public final class Refunder {

  private static final Logger log = LoggerFactory.getLogger(Refunder.class);
  private static final String EXCEEDS_REFUNDABLE = "more_than_is_left";
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
   * Executes a refund, unless the log already has its result.
   *
   * @return false if the result is still pending at the PSP
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   * @throws IllegalStateException if the log has no started payment of the order
   */
  public boolean refund(PaymentTask.Refund task) {
    Payment payment =
        payments
            .find(task.orderId())
            .or(() -> payments.current(task.orderId()))
            .filter(found -> found.intent() != null)
            .orElseThrow(() ->
                new IllegalStateException("The log has no started payment of the order to refund"));
    var intent = payment.requireIntent();
    if (payment.refund(task.refundId()).isPresent()) {
      return resume(payment, task.refundId());
    }
    Payment started =
        payments.append(
            task.orderId(),
            new PaymentEvent.RefundStarted(
                intent.customerId(), intent.id(), task.refundId(), 1, task.amount()));
    Refund refund = started.refund(task.refundId()).orElseThrow();
    boolean first = refund.status() == Refund.Status.STARTED && refund.attempt() == 1;
    return first ? request(intent, refund) : resume(started, task.refundId());
  }

  /** Continues a refund that is in the log: the PSP may have executed it already. */
  boolean resume(Payment payment, UUID refundId) {
    Refund refund = payment.refund(refundId).orElseThrow();
    var intent = payment.requireIntent();
    return switch (refund.status()) {
      case SUCCEEDED, FAILED, FAILED_LATER -> true;
      case REFUSED -> fail(intent, refund, EXCEEDS_REFUNDABLE);
      case STARTED -> {
        var found = find(intent, refundId);
        yield found.isPresent() ? conclude(intent, refund, found.get()) : request(intent, refund);
      }
    };
  }

  /**
   * Settles a discarded refund: logs its success at the PSP, or that it never will be made.
   *
   * @param discardedAt the PSP may still process a call that was made before
   * @return false if the result is still pending at the PSP
   */
  public boolean settle(PaymentTask.Refund task, Instant discardedAt) {
    var payment = payments.current(task.orderId()).filter(found -> found.intent() != null);
    if (payment.isEmpty()) {
      return true;
    }
    var intent = payment.get().requireIntent();
    var refund = payment.get().refund(task.refundId());
    if (refund.filter(Refund::isFinal).isPresent()) {
      return true;
    }
    // Evaluated before the list is read: a refund that the PSP is processing may not be in it yet.
    boolean mayBeProcessing =
        refund.filter(logged -> mayBeProcessing(logged, discardedAt)).isPresent();
    var found = find(intent, task.refundId());
    if (refund.isPresent() && found.isPresent()) {
      return conclude(intent, refund.get(), found.get());
    }
    if (mayBeProcessing) {
      return false;
    }
    payments.append(
        task.orderId(),
        new PaymentEvent.RefundFailed(
            intent.customerId(), intent.id(), task.refundId(), task.amount(), DISCARDED));
    return true;
  }

  /**
   * Logs succeeded refunds of the PSP that the log lacks: those made by hand, and those that
   * succeeded after they were discarded.
   *
   * @return false if one of the PSP's refunds is still pending
   */
  boolean importRefunds(Intent intent) {
    var refunds = list(intent);
    // Read after the PSP's list, so that the log has every refund of ours in that list.
    Payment payment = payments.current(intent.orderId()).orElseThrow();
    refunds.stream()
        .filter(refund -> refund.state() instanceof RefundState.Succeeded)
        .filter(refund ->
            payment.refunds().stream().noneMatch(logged -> refund.id().equals(logged.pspId())))
        .forEach(refund -> importRefund(payment, refund));
    return refunds.stream().noneMatch(refund -> refund.state() instanceof RefundState.Pending);
  }

  private void importRefund(Payment payment, ProviderRefund refund) {
    var intent = payment.requireIntent();
    var id =
        payment.refunds().stream()
            .filter(logged -> logged.pspId() == null)
            .map(Refund::id)
            .filter(loggedId -> refund.matches(loggedId, payment.orderId()))
            .findFirst()
            .orElse(refund.externalId(payment.orderId()));
    if (payment.refund(id).isEmpty()) {
      payments.append(
          payment.orderId(),
          new PaymentEvent.RefundStarted(intent.customerId(), intent.id(), id, 1, refund.amount()));
    }
    payments.append(
        payment.orderId(),
        new PaymentEvent.Refunded(
            intent.customerId(), intent.id(), id, refund.id(), refund.amount()));
  }

  private boolean mayBeProcessing(Refund refund, Instant discardedAt) {
    var last = refund.updatedAt().isAfter(discardedAt) ? refund.updatedAt() : discardedAt;
    return refund.status() == Refund.Status.STARTED
        && clock.instant().isBefore(last.plus(provider.maxCallDuration()));
  }

  /** The refund at the PSP; of several with one id, made by hand, the one in the best state. */
  private Optional<RefundState> find(Intent intent, UUID refundId) {
    return list(intent).stream()
        .filter(refund -> refund.matches(refundId, intent.orderId()))
        .map(ProviderRefund::state)
        .min(Comparator.comparingInt(Refunder::rank));
  }

  /** All refunds of the intent at the PSP; logs those that have failed after they had succeeded. */
  private List<ProviderRefund> list(Intent intent) {
    var refunds = provider.refunds(intent);
    for (var refund : refunds) {
      if (refund.state() instanceof RefundState.Failed(String reason)) {
        logLateFailure(intent.orderId(), refund.id(), reason);
      }
    }
    return refunds;
  }

  /**
   * Logs that a refund has failed after it had succeeded, unless it never succeeded in the log or
   * the log already says so.
   *
   * @param pspRefundId the PSP's id of the failed refund
   * @param reason the PSP's failure code
   * @return true if it was logged now
   */
  public boolean logLateFailure(UUID orderId, String pspRefundId, String reason) {
    var payment = payments.find(orderId).filter(found -> found.intent() != null);
    var late =
        payment.stream()
            .flatMap(found -> found.refunds().stream())
            .filter(refund -> refund.status() == Refund.Status.SUCCEEDED)
            .filter(refund -> pspRefundId.equals(refund.pspId()))
            .findFirst();
    late.ifPresent(refund -> {
      var intent = payment.orElseThrow().requireIntent();
      payments.append(
          orderId,
          new PaymentEvent.RefundFailedLater(
              intent.customerId(), intent.id(), refund.id(), pspRefundId, refund.amount(), reason));
      log.warn(
          "Refund {} of order {} failed after it had succeeded ({}): refund the amount again, or"
              + " pay it to the customer by other means",
          pspRefundId,
          orderId,
          reason);
    });
    return late.isPresent();
  }

  private static int rank(RefundState state) {
    return switch (state) {
      case RefundState.Succeeded _ -> 0;
      case RefundState.Pending _ -> 1;
      case RefundState.Failed _, RefundState.Rejected _ -> 2;
    };
  }

  private boolean request(Intent intent, Refund refund) {
    try {
      return conclude(intent, refund, provider.refund(intent, refund));
    } catch (ProviderFailure.ReplayedError e) {
      var found = find(intent, refund.id());
      return found.isPresent()
          ? conclude(intent, refund, found.get())
          : requestUnderNextKey(intent, refund);
    }
  }

  /** The PSP ended the last attempt without a refund, so another key cannot refund twice. */
  private boolean requestUnderNextKey(Intent intent, Refund refund) {
    Refund next =
        payments
            .append(
                intent.orderId(),
                new PaymentEvent.RefundStarted(
                    intent.customerId(),
                    intent.id(),
                    refund.id(),
                    refund.attempt() + 1,
                    refund.amount()))
            .refund(refund.id())
            .orElseThrow();
    return next.isFinal() || request(intent, next);
  }

  private boolean conclude(Intent intent, Refund refund, RefundState state) {
    return switch (state) {
      case RefundState.Succeeded(String pspId) -> {
        payments.append(
            intent.orderId(),
            new PaymentEvent.Refunded(
                intent.customerId(), intent.id(), refund.id(), pspId, refund.amount()));
        yield true;
      }
      case RefundState.Pending() -> false;
      case RefundState.Failed(String reason) -> fail(intent, refund, reason);
      case RefundState.Rejected(String reason) -> {
        // The PSP may reject it because a call whose response was lost has already made it.
        var found = find(intent, refund.id());
        yield found.isPresent()
            ? conclude(intent, refund, found.get())
            : fail(intent, refund, reason);
      }
    };
  }

  private boolean fail(Intent intent, Refund refund, String reason) {
    payments.append(
        intent.orderId(),
        new PaymentEvent.RefundFailed(
            intent.customerId(), intent.id(), refund.id(), refund.amount(), reason));
    return true;
  }
}
