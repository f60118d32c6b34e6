package shop.payment;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The payment of an order, folded from the log. Only the first intent in the log is ever confirmed;
 * a void without an intent is valid only before it; the first result is final. Later events of
 * other instances or repeated attempts change nothing. Refunds are accepted in the order of the
 * log, each only up to the amount that is still refundable. The same holds for a decline without an
 * intent, which the PSP refused to create.
 *
 * @param intent the intent that may be confirmed; null if the payment was voided or declined before
 *     there was one
 * @param amount the amount to charge; null if the payment was voided before it was known
 * @param reason the PSP's decline code, if it was declined
 * @param refunds in the order of their first events in the log
 * @param decidedAt when it got its status
 */
public record Payment(
    UUID orderId,
    UUID customerId,
    @Nullable Intent intent,
    @Nullable Money amount,
    PaymentStatus status,
    @Nullable String reason,
    List<Refund> refunds,
    Instant decidedAt) {

  /** Applies an event; null as long as the payment was neither started nor voided. */
  public static @Nullable Payment apply(
      @Nullable Payment before, UUID orderId, PaymentEvent event, Instant at) {
    return before == null ? first(orderId, event, at) : before.apply(event, at);
  }

  private static @Nullable Payment first(UUID orderId, PaymentEvent event, Instant at) {
    return switch (event) {
      case PaymentEvent.Started e -> {
        var intent =
            new Intent(orderId, e.customerId(), e.paymentIntentId(), e.amount(), e.attempt(), at);
        yield new Payment(
            orderId,
            e.customerId(),
            intent,
            e.amount(),
            PaymentStatus.STARTED,
            null,
            List.of(),
            at);
      }
      case PaymentEvent.Voided e ->
          new Payment(
              orderId, e.customerId(), null, null, PaymentStatus.VOIDED, null, List.of(), at);
      case PaymentEvent.Declined e when e.paymentIntentId() == null ->
          new Payment(
              orderId,
              e.customerId(),
              null,
              e.amount(),
              PaymentStatus.DECLINED,
              e.reason(),
              List.of(),
              at);
      case PaymentEvent.Captured _,
          PaymentEvent.Declined _,
          PaymentEvent.RefundStarted _,
          PaymentEvent.Refunded _,
          PaymentEvent.RefundFailed _,
          PaymentEvent.RefundFailedLater _ ->
          null;
    };
  }

  private Payment apply(PaymentEvent event, Instant at) {
    return switch (event) {
      case PaymentEvent.Started _ -> this;
      case PaymentEvent.Captured e ->
          isOpen(e.paymentIntentId()) ? withStatus(PaymentStatus.CAPTURED, null, at) : this;
      case PaymentEvent.Declined e ->
          isOpen(e.paymentIntentId()) ? withStatus(PaymentStatus.DECLINED, e.reason(), at) : this;
      case PaymentEvent.Voided e ->
          isOpen(e.paymentIntentId())
                  || (status == PaymentStatus.DECLINED && isOfIntentOrNone(e.paymentIntentId()))
              ? withStatus(PaymentStatus.VOIDED, reason, at)
              : this;
      case PaymentEvent.RefundStarted e ->
          refund(e.refundId()).isPresent()
              ? updateRefund(e.refundId(), refund -> refund.withAttempt(e.attempt(), at))
              : addRefund(Refund.started(e, fits(e), at));
      case PaymentEvent.Refunded e ->
          updateRefund(e.refundId(), refund -> refund.succeeded(e.pspRefundId(), at));
      case PaymentEvent.RefundFailed e ->
          refund(e.refundId()).isPresent()
              ? updateRefund(e.refundId(), refund -> refund.failed(e.reason(), at))
              : addRefund(Refund.neverStarted(e, at));
      case PaymentEvent.RefundFailedLater e ->
          updateRefund(e.refundId(), refund -> refund.failedLater(e.pspRefundId(), e.reason(), at));
    };
  }

  /** The events that took effect, oldest first; of a refund's attempts only the last. */
  public List<PaymentEvent> events() {
    List<PaymentEvent> events = new ArrayList<>();
    if (intent == null) {
      if (reason != null) {
        events.add(
            new PaymentEvent.Declined(
                customerId, null, requireNonNull(amount, "A decline has an amount"), reason));
      }
      if (status == PaymentStatus.VOIDED) {
        events.add(new PaymentEvent.Voided(customerId, null));
      }
      return events;
    }
    events.add(
        new PaymentEvent.Started(customerId, intent.id(), intent.attempt(), intent.amount()));
    if (reason != null) {
      events.add(new PaymentEvent.Declined(customerId, intent.id(), intent.amount(), reason));
    }
    switch (status) {
      case CAPTURED ->
          events.add(new PaymentEvent.Captured(customerId, intent.id(), intent.amount()));
      case VOIDED -> events.add(new PaymentEvent.Voided(customerId, intent.id()));
      case STARTED, DECLINED -> {}
    }
    refunds.forEach(refund -> events.addAll(refund.events(intent)));
    return events;
  }

  /** True if the payment has its result. */
  public boolean isFinal() {
    return status.isFinal();
  }

  /**
   * The intent.
   *
   * @throws NullPointerException if the payment was voided or declined before it had one
   */
  public Intent requireIntent() {
    return requireNonNull(intent, "The payment was voided or declined before it had an intent");
  }

  /** The refund with that id, if the log has one. */
  public Optional<Refund> refund(UUID refundId) {
    return refunds.stream().filter(refund -> refund.id().equals(refundId)).findFirst();
  }

  /** The amount charged; empty without an intent. */
  public Optional<Money> captured() {
    return Optional.ofNullable(intent)
        .map(i -> status == PaymentStatus.CAPTURED ? i.amount() : Money.zero(currency()));
  }

  /** The amount refunded; empty without an intent. */
  public Optional<Money> refunded() {
    return Optional.ofNullable(intent)
        .map(_ -> sum(refund -> refund.status() == Refund.Status.SUCCEEDED));
  }

  /** The amount that can still be refunded: the charge without succeeded and started refunds. */
  public Money refundable() {
    return captured().orElseThrow().minus(sum(Refund::reducesRefundable));
  }

  /** The time of the last event that took effect. */
  public Instant updatedAt() {
    return refunds.stream()
        .map(Refund::updatedAt)
        .reduce(decidedAt, (one, other) -> one.isAfter(other) ? one : other);
  }

  private Money sum(Predicate<Refund> filter) {
    return refunds.stream()
        .filter(filter)
        .map(Refund::amount)
        .reduce(Money.zero(currency()), Money::plus);
  }

  private String currency() {
    return requireIntent().amount().currency();
  }

  private boolean fits(PaymentEvent.RefundStarted event) {
    return status == PaymentStatus.CAPTURED
        && isOf(event.paymentIntentId())
        && event.amount().currency().equals(currency())
        && event.amount().amount() > 0
        && event.amount().amount() <= refundable().amount();
  }

  private boolean isOpen(@Nullable String intentId) {
    return status == PaymentStatus.STARTED && isOf(intentId);
  }

  private boolean isOf(@Nullable String intentId) {
    return intent != null && intent.id().equals(intentId);
  }

  private boolean isOfIntentOrNone(@Nullable String intentId) {
    return intent == null ? intentId == null : isOf(intentId);
  }

  private Payment withStatus(PaymentStatus next, @Nullable String declineReason, Instant at) {
    return new Payment(orderId, customerId, intent, amount, next, declineReason, refunds, at);
  }

  private Payment addRefund(Refund refund) {
    var all = new ArrayList<>(refunds);
    all.add(refund);
    return withRefunds(all);
  }

  private Payment updateRefund(UUID refundId, UnaryOperator<Refund> change) {
    return withRefunds(
        refunds.stream()
            .map(refund -> refund.id().equals(refundId) ? change.apply(refund) : refund)
            .toList());
  }

  private Payment withRefunds(List<Refund> all) {
    return new Payment(
        orderId, customerId, intent, amount, status, reason, List.copyOf(all), decidedAt);
  }
}
