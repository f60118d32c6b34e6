package shop.payment.books;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Payments;
import shop.payment.Refund;
import shop.payment.books.ProviderBooks.Charge;
import shop.payment.books.ProviderBooks.Return;

/**
 * Compares the log of payments with the PSP's books: everything that either made in a period is
 * looked up at the other, whenever that made it. What looks different is looked at again once the
 * log was read on to its end, because the PSP charges first and the log tells it a moment later.
 */
@Component
public final class Reconciliation {

  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Payments payments;
  private final ProviderBooks provider;

  Reconciliation(Payments payments, ProviderBooks provider) {
    this.payments = payments;
    this.provider = provider;
  }

  /**
   * What a comparison found.
   *
   * @param charges how many of the PSP's charges were compared, unpaid ones among them
   * @param refunds how many of the PSP's refunds were compared
   */
  public record Report(Period period, long charges, long refunds, List<Difference> differences) {}

  /**
   * Compares a period; reads the PSP's lists page by page.
   *
   * @throws shop.payment.ProviderFailure if the PSP does not answer
   * @throws shop.payment.LogUnavailable if the log cannot be read to its end
   */
  public Report compare(Period period) {
    var charges = new Compared<>(provider.charges(period), Charge::intentId, this::judge);
    var returns = new Compared<>(provider.returns(period), Return::id, this::judge);
    List<Difference> differences = new ArrayList<>();
    payments
        .all()
        .filter(payment -> payment.status() == PaymentStatus.CAPTURED)
        .forEach(payment -> {
          ofCharge(payment, period, charges.seen).ifPresent(differences::add);
          payment
              .refunds()
              .forEach(refund ->
                  ofRefund(payment, refund, period, returns.seen).ifPresent(differences::add));
        });
    charges.stillDifferent(differences);
    returns.stillDifferent(differences);
    return new Report(period, charges.seen.size(), returns.seen.size(), differences);
  }

  /** The PSP's side of a period: what it has, and what of that looked different at first. */
  private static final class Compared<T> {
    final Set<String> seen = new HashSet<>();
    private final List<T> suspects = new ArrayList<>();
    private final Function<T, Optional<Difference>> judge;

    Compared(Stream<T> all, Function<T, String> id, Function<T, Optional<Difference>> judge) {
      this.judge = judge;
      all.forEach(item -> {
        seen.add(id.apply(item));
        if (judge.apply(item).isPresent()) {
          suspects.add(item);
        }
      });
    }

    void stillDifferent(List<Difference> differences) {
      suspects.forEach(item -> judge.apply(item).ifPresent(differences::add));
    }
  }

  private Optional<Difference> judge(Charge charge) {
    Money here =
        payment(charge.orderId())
            .filter(payment -> payment.requireIntent().id().equals(charge.intentId()))
            .flatMap(Payment::captured)
            .orElse(Money.zero(charge.received().currency()));
    return difference(
        Difference.Subject.CHARGE,
        charge.orderId(),
        charge.intentId(),
        null,
        null,
        here,
        charge.received());
  }

  private Optional<Difference> judge(Return made) {
    @Nullable String orderId = orderOf(made);
    Money here =
        payment(orderId).stream()
            .flatMap(payment -> payment.refunds().stream())
            .filter(refund -> refund.status() == Refund.Status.SUCCEEDED)
            .filter(refund -> made.id().equals(refund.pspId()))
            .map(Refund::amount)
            .findFirst()
            .orElse(Money.zero(made.amount().currency()));
    return difference(
        Difference.Subject.REFUND,
        orderId,
        made.intentId(),
        made.refundId(),
        made.id(),
        here,
        made.amount());
  }

  /** What somebody gave back by hand names no order; the charge does. */
  private @Nullable String orderOf(Return made) {
    return made.orderId() != null
        ? made.orderId()
        : Optional.ofNullable(made.intentId())
            .flatMap(provider::charge)
            .map(Charge::orderId)
            .orElse(null);
  }

  /** What the log says was charged in the period and the PSP's list of it has not. */
  private Optional<Difference> ofCharge(Payment payment, Period period, Set<String> seen) {
    var intent = payment.requireIntent();
    if (!period.contains(intent.startedAt()) || seen.contains(intent.id())) {
      return Optional.empty();
    }
    var there = provider.charge(intent.id());
    return there.isPresent()
        ? judge(there.get())
        : difference(
            Difference.Subject.CHARGE,
            payment.orderId().toString(),
            intent.id(),
            null,
            null,
            intent.amount(),
            Money.zero(intent.amount().currency()));
  }

  /** What the log says was given back in the period and the PSP's list of it has not. */
  private Optional<Difference> ofRefund(
      Payment payment, Refund refund, Period period, Set<String> seen) {
    @Nullable String pspId = refund.pspId();
    if (pspId == null || !period.contains(refund.updatedAt()) || seen.contains(pspId)) {
      return Optional.empty();
    }
    var there = provider.giveBack(pspId);
    return there.isPresent()
        ? judge(there.get())
        : difference(
            Difference.Subject.REFUND,
            payment.orderId().toString(),
            payment.requireIntent().id(),
            refund.id().toString(),
            pspId,
            refund.amount(),
            Money.zero(refund.amount().currency()));
  }

  private Optional<Payment> payment(@Nullable String orderId) {
    return Optional.ofNullable(orderId)
        .filter(id -> UUID_FORM.matcher(id).matches())
        .flatMap(id -> payments.find(UUID.fromString(id)))
        .filter(payment -> payment.intent() != null);
  }

  private static Optional<Difference> difference(
      Difference.Subject subject,
      @Nullable String orderId,
      @Nullable String intentId,
      @Nullable String refundId,
      @Nullable String pspRefundId,
      Money here,
      Money there) {
    boolean same = here.equals(there) || (here.amount() == 0 && there.amount() == 0);
    return same
        ? Optional.empty()
        : Optional.of(
            new Difference(
                Difference.Kind.of(here, there),
                subject,
                orderId,
                intentId,
                refundId,
                pspRefundId,
                here,
                there));
  }
}
