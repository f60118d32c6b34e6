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
 * The payment of an order, folded from the log. The first intent that the log names is the only one
 * that is ever confirmed; a void without an intent counts only before that; the first result is the
 * result. What another instance, or a repeated try, says later changes nothing. A refund is let in
 * only if it fits into what is left, in the order of the log.
 *
 * @param intent the intent that may be confirmed; none if it was voided before there was one
 * @param reason why it was declined, if it was
 * @param refunds in the order in which the log first names them
 * @param decidedAt when it got its status
 */
public record Payment(
    UUID orderId,
    UUID customerId,
    @Nullable Intent intent,
    PaymentStatus status,
    @Nullable String reason,
    List<Refund> refunds,
    Instant decidedAt) {

  /** The payment once one more event is known; none as long as nothing was started or voided. */
  public static @Nullable Payment after(
      @Nullable Payment before, UUID orderId, PaymentEvent event, Instant at) {
    return before == null ? first(orderId, event, at) : before.after(event, at);
  }

  private static @Nullable Payment first(UUID orderId, PaymentEvent event, Instant at) {
    return switch (event) {
      case PaymentEvent.Started e -> {
        var intent =
            new Intent(orderId, e.customerId(), e.paymentIntentId(), e.amount(), e.attempt(), at);
        yield new Payment(
            orderId, e.customerId(), intent, PaymentStatus.STARTED, null, List.of(), at);
      }
      case PaymentEvent.Voided e ->
          new Payment(orderId, e.customerId(), null, PaymentStatus.VOIDED, null, List.of(), at);
      case PaymentEvent.Captured _,
          PaymentEvent.Declined _,
          PaymentEvent.RefundStarted _,
          PaymentEvent.Refunded _,
          PaymentEvent.RefundFailed _ ->
          null;
    };
  }

  private Payment after(PaymentEvent event, Instant at) {
    return switch (event) {
      case PaymentEvent.Started _ -> this;
      case PaymentEvent.Captured e ->
          isOpen(e.paymentIntentId()) ? decided(PaymentStatus.CAPTURED, null, at) : this;
      case PaymentEvent.Declined e ->
          isOpen(e.paymentIntentId()) ? decided(PaymentStatus.DECLINED, e.reason(), at) : this;
      case PaymentEvent.Voided e ->
          isOpen(e.paymentIntentId())
                  || (status == PaymentStatus.DECLINED && isOf(e.paymentIntentId()))
              ? decided(PaymentStatus.VOIDED, reason, at)
              : this;
      case PaymentEvent.RefundStarted e ->
          refund(e.refundId()).isPresent()
              ? changed(e.refundId(), refund -> refund.again(e.attempt(), at))
              : with(Refund.started(e, fits(e), at));
      case PaymentEvent.Refunded e ->
          changed(e.refundId(), refund -> refund.succeeded(e.pspRefundId(), at));
      case PaymentEvent.RefundFailed e ->
          refund(e.refundId()).isPresent()
              ? changed(e.refundId(), refund -> refund.failed(e.reason(), at))
              : with(Refund.neverStarted(e, at));
    };
  }

  /** The events of the log that counted, oldest first; of a refund's attempts the last. */
  public List<PaymentEvent> events() {
    List<PaymentEvent> events = new ArrayList<>();
    if (intent == null) {
      return List.of(new PaymentEvent.Voided(customerId, null));
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

  /** True if the result is known. */
  public boolean isSettled() {
    return status.isFinal();
  }

  /** The intent of a payment that was not voided before it had one. */
  public Intent requireIntent() {
    return requireNonNull(intent, "Only a payment that was voided at once has no intent");
  }

  /** The refund of that id, if the log names it. */
  public Optional<Refund> refund(UUID refundId) {
    return refunds.stream().filter(refund -> refund.id().equals(refundId)).findFirst();
  }

  /** What the customer was charged; none without an intent. */
  public Optional<Money> captured() {
    return Optional.ofNullable(intent)
        .map(i -> status == PaymentStatus.CAPTURED ? i.amount() : Money.zero(currency()));
  }

  /** What the customer has back; none without an intent. */
  public Optional<Money> refunded() {
    return Optional.ofNullable(intent)
        .map(_ -> sum(refund -> refund.status() == Refund.Status.SUCCEEDED));
  }

  /** What can still be given back: nothing that was given back or is about to be. */
  public Money left() {
    return captured().orElseThrow().minus(sum(Refund::takesFromTheSum));
  }

  /** When the last event that counted happened. */
  public Instant updatedAt() {
    return refunds.stream()
        .map(Refund::updatedAt)
        .reduce(decidedAt, (one, other) -> one.isAfter(other) ? one : other);
  }

  private Money sum(Predicate<Refund> which) {
    return refunds.stream()
        .filter(which)
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
        && event.amount().amount() <= left().amount();
  }

  private boolean isOpen(@Nullable String intentId) {
    return status == PaymentStatus.STARTED && isOf(intentId);
  }

  private boolean isOf(@Nullable String intentId) {
    return intent != null && intent.id().equals(intentId);
  }

  private Payment decided(PaymentStatus next, @Nullable String why, Instant at) {
    return new Payment(orderId, customerId, intent, next, why, refunds, at);
  }

  private Payment with(Refund refund) {
    var all = new ArrayList<>(refunds);
    all.add(refund);
    return withRefunds(all);
  }

  private Payment changed(UUID refundId, UnaryOperator<Refund> change) {
    return withRefunds(
        refunds.stream()
            .map(refund -> refund.id().equals(refundId) ? change.apply(refund) : refund)
            .toList());
  }

  private Payment withRefunds(List<Refund> all) {
    return new Payment(orderId, customerId, intent, status, reason, List.copyOf(all), decidedAt);
  }
}
