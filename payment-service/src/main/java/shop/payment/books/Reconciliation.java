package shop.payment.books;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Payments;
import shop.payment.Refund;
import shop.payment.Refunder;
import shop.payment.books.LoggedBooks.LoggedCharge;
import shop.payment.books.LoggedBooks.LoggedRefund;
import shop.payment.books.ProviderBooks.BookedCharge;
import shop.payment.books.ProviderBooks.BookedRefund;

/**
 * Compares the log of payments with the PSP's books. Each charge and refund that one side has in a
 * period is looked up at the other side, at any time. Differences are checked again after the books
 * have reached the end of the log, because the PSP charges a moment before the log has the event.
 */
@Component
public final class Reconciliation {

  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /** How many items of the PSP are looked up at once. */
  private static final int CHUNK = 100;

  private final Payments payments;
  private final LoggedBooks books;
  private final ProviderBooks provider;
  private final Refunder refunder;

  Reconciliation(Payments payments, LoggedBooks books, ProviderBooks provider, Refunder refunder) {
    this.payments = payments;
    this.books = books;
    this.provider = provider;
    this.refunder = refunder;
  }

  /**
   * The result of a comparison.
   *
   * @param charges the number of the PSP's intents that were compared, including unpaid ones
   * @param refunds the number of the PSP's refunds that were compared
   */
  public record Report(Period period, long charges, long refunds, List<Difference> differences) {}

  /**
   * Compares a period. The PSP's lists are read page by page.
   *
   * @throws shop.payment.ProviderFailure if the PSP gives no result
   * @throws shop.payment.LogUnavailable if the log cannot be read to its end
   * @throws org.springframework.dao.DataAccessException if PostgreSQL does not respond
   */
  public Report compare(Period period) {
    return compare(period, provider.refunds(period));
  }

  /** The same, and logs the refunds of the period that failed after they had succeeded. */
  Report reconcile(Period period) {
    return compare(period, provider.refunds(period).peek(this::logLateFailure));
  }

  private void logLateFailure(BookedRefund booked) {
    @Nullable String reason = booked.failureReason();
    if (reason != null) {
      payment(orderOf(booked))
          .ifPresent(payment -> refunder.logLateFailure(payment.orderId(), booked.id(), reason));
    }
  }

  private Report compare(Period period, Stream<BookedRefund> bookedRefunds) {
    var charges =
        new ProviderItems<>(
            provider.charges(period),
            BookedCharge::intentId,
            BookedCharge::orderId,
            Reconciliation::compare);
    var refunds =
        new ProviderItems<>(
            bookedRefunds.map(this::withOrder),
            BookedRefund::id,
            BookedRefund::orderId,
            Reconciliation::compare);
    List<Difference> differences = new ArrayList<>();
    books.readToEnd();
    books
        .charges(period)
        .filter(charge -> !charges.ids.contains(charge.intentId()))
        .forEach(charge -> compareLogged(charge).ifPresent(differences::add));
    books
        .refunds(period)
        .filter(refund -> !refunds.ids.contains(refund.pspId()))
        .forEach(refund -> compareLogged(refund).ifPresent(differences::add));
    charges.addRemainingDifferences(differences);
    refunds.addRemainingDifferences(differences);
    return new Report(period, charges.ids.size(), refunds.ids.size(), differences);
  }

  /** Compares the two sides of a difference again; empty if they agree now. */
  Optional<Difference> recheck(Difference difference) {
    return switch (difference.subject()) {
      case CHARGE -> {
        String intentId = requireNonNull(difference.paymentIntentId(), "A charge has an intent");
        var logged =
            payment(difference.orderId())
                .filter(payment -> payment.status() == PaymentStatus.CAPTURED)
                .filter(payment -> payment.requireIntent().id().equals(intentId));
        yield logged.isPresent()
            ? compareLogged(LoggedCharge.of(logged.get()))
            : provider.charge(intentId).flatMap(this::compare);
      }
      case REFUND -> {
        String pspId = requireNonNull(difference.pspRefundId(), "The PSP has the refund's id");
        provider.refund(pspId).ifPresent(this::logLateFailure);
        var logged =
            payment(difference.orderId())
                .filter(payment ->
                    payment.refunds().stream().anyMatch(refund -> isRefunded(refund, pspId)));
        yield logged.isPresent()
            ? logged.get().refunds().stream()
                .filter(refund -> isRefunded(refund, pspId))
                .findFirst()
                .flatMap(refund -> compareLogged(LoggedRefund.of(logged.get(), refund)))
            : provider.refund(pspId).flatMap(this::compare);
      }
    };
  }

  private static boolean isRefunded(Refund refund, String pspId) {
    return refund.status() == Refund.Status.SUCCEEDED && pspId.equals(refund.pspId());
  }

  /** The PSP's items of a period, and those that differed in the first comparison. */
  private final class ProviderItems<T> {
    final Set<String> ids = new HashSet<>();
    private final List<T> different = new ArrayList<>();
    private final Function<T, @Nullable String> orderId;
    private final BiFunction<T, Optional<Payment>, Optional<Difference>> comparison;

    ProviderItems(
        Stream<T> all,
        Function<T, String> id,
        Function<T, @Nullable String> orderId,
        BiFunction<T, Optional<Payment>, Optional<Difference>> comparison) {
      this.orderId = orderId;
      this.comparison = comparison;
      all.gather(Gatherers.windowFixed(CHUNK))
          .forEach(items -> {
            items.forEach(item -> ids.add(id.apply(item)));
            compare(items);
          });
    }

    private void compare(List<T> items) {
      var orderIds =
          items.stream()
              .flatMap(item -> uuid(orderId.apply(item)).stream())
              .collect(Collectors.toSet());
      var booked = books.payments(orderIds);
      items.stream()
          .filter(item ->
              comparison.apply(item, uuid(orderId.apply(item)).map(booked::get)).isPresent())
          .forEach(different::add);
    }

    void addRemainingDifferences(List<Difference> differences) {
      different.forEach(
          item -> comparison.apply(item, payment(orderId.apply(item))).ifPresent(differences::add));
    }
  }

  private Optional<Difference> compare(BookedCharge charge) {
    return compare(charge, payment(charge.orderId()));
  }

  private static Optional<Difference> compare(BookedCharge charge, Optional<Payment> logged) {
    Money here =
        logged
            .filter(payment -> payment.intent() != null)
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

  private Optional<Difference> compare(BookedRefund refund) {
    var booked = withOrder(refund);
    return compare(booked, payment(booked.orderId()));
  }

  private static Optional<Difference> compare(BookedRefund booked, Optional<Payment> logged) {
    Money here =
        logged.stream()
            .flatMap(payment -> payment.refunds().stream())
            .filter(refund -> isRefunded(refund, booked.id()))
            .map(Refund::amount)
            .findFirst()
            .orElse(Money.zero(booked.amount().currency()));
    return difference(
        Difference.Subject.REFUND,
        booked.orderId(),
        booked.intentId(),
        booked.refundId(),
        booked.id(),
        here,
        booked.amount());
  }

  private BookedRefund withOrder(BookedRefund refund) {
    return new BookedRefund(
        refund.id(),
        refund.intentId(),
        orderOf(refund),
        refund.refundId(),
        refund.amount(),
        refund.failureReason(),
        refund.createdAt());
  }

  /** A refund made by hand names no order; its charge does. */
  private @Nullable String orderOf(BookedRefund booked) {
    return booked.orderId() != null
        ? booked.orderId()
        : Optional.ofNullable(booked.intentId())
            .flatMap(provider::charge)
            .map(BookedCharge::orderId)
            .orElse(null);
  }

  /** Compares a charge that the log has in the period and the PSP's list has not. */
  private Optional<Difference> compareLogged(LoggedCharge charge) {
    var there = provider.charge(charge.intentId());
    return there.isPresent()
        ? compare(there.get())
        : difference(
            Difference.Subject.CHARGE,
            charge.orderId().toString(),
            charge.intentId(),
            null,
            null,
            charge.amount(),
            Money.zero(charge.amount().currency()));
  }

  /** Compares a refund that the log has in the period and the PSP's list has not. */
  private Optional<Difference> compareLogged(LoggedRefund refund) {
    var there = provider.refund(refund.pspId());
    return there.isPresent()
        ? compare(there.get())
        : difference(
            Difference.Subject.REFUND,
            refund.orderId().toString(),
            refund.intentId(),
            refund.refundId().toString(),
            refund.pspId(),
            refund.amount(),
            Money.zero(refund.amount().currency()));
  }

  private Optional<Payment> payment(@Nullable String orderId) {
    return uuid(orderId).flatMap(payments::find).filter(payment -> payment.intent() != null);
  }

  private static Optional<UUID> uuid(@Nullable String orderId) {
    return Optional.ofNullable(orderId)
        .filter(id -> UUID_FORM.matcher(id).matches())
        .map(UUID::fromString);
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
