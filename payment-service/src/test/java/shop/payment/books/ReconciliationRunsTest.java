package shop.payment.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.PaymentStatus;
import shop.payment.Payments;
import shop.payment.ProviderFailure;
import shop.payment.Refund;
import shop.payment.Refunders;

/** Windows and passes of the reconciliation, with a PSP and a log in memory. */
class ReconciliationRunsTest {

  private static final Instant START = Instant.parse("2026-03-01T10:20:30Z");
  private static final Duration FIRST = Duration.ofMinutes(2);
  private static final Duration SECOND = Duration.ofDays(1);
  private static final Money AMOUNT = new Money(100, "EUR");

  private final Log log = new Log();
  private final Psp psp = new Psp();
  private final StoredPasses stored = new StoredPasses();
  private Instant now = START;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private boolean leader = true;
  private ReconciliationRuns runs = runs();

  @Test
  void firstPassCoversTheLogInWindowsWithoutGapOrOverlap() {
    charge("pi_1", START);
    now = START.plus(Duration.ofHours(5));

    runs.run();

    assertThat(psp.periods).hasSize(5);
    assertThat(psp.periods.getFirst().from()).isEqualTo(START.minus(Duration.ofHours(1)));
    for (int i = 1; i < psp.periods.size(); i++) {
      assertThat(psp.periods.get(i).from()).isEqualTo(psp.periods.get(i - 1).to());
    }
    assertThat(stored.passes.get(FIRST).until()).isEqualTo(psp.periods.getLast().to());
    assertThat(runs.lag()).isLessThan(Duration.ofHours(1));
  }

  @Test
  void anHourLaterEachPassComparesOneMoreWindow() {
    charge("pi_1", START);
    now = START.plus(Duration.ofHours(5));
    runs.run();
    psp.periods.clear();

    runs.run();
    assertThat(psp.periods).isEmpty();

    now = now.plus(Duration.ofHours(1));
    runs.run();

    assertThat(psp.periods).hasSize(2);
  }

  @Test
  void anotherInstanceContinuesAfterTheLastWindowThatWasCompared() {
    charge("pi_1", START);
    now = START.plus(Duration.ofHours(5));
    psp.failsAfter = 3;
    runs.run();
    assertThat(runs.lag()).isGreaterThan(Duration.ofHours(1));
    psp.failsAfter = Integer.MAX_VALUE;
    var reached = psp.periods.get(2).to();
    psp.periods.clear();

    runs = runs();
    runs.run();

    assertThat(psp.periods.getFirst().from()).isEqualTo(reached);
    assertThat(psp.periods).hasSize(2);
  }

  @Test
  void onlyTheLeaderCompares() {
    charge("pi_1", START);
    now = START.plus(Duration.ofHours(5));
    leader = false;

    runs.run();

    assertThat(psp.periods).isEmpty();
    assertThat(runs.lag()).isEqualTo(Duration.ofHours(5));
  }

  @Test
  void aDifferenceStaysOpenUntilBothSidesAgree() {
    var order = charge("pi_1", START);
    psp.charges.clear();
    now = START.plus(Duration.ofHours(2));
    runs.run();
    assertThat(runs.openDifferences()).isEqualTo(1);

    now = now.plus(Duration.ofHours(1));
    runs.run();
    assertThat(runs.passes().getFirst().open())
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.MISSING_THERE);

    psp.charges.add(
        new ProviderBooks.BookedCharge("pi_1", order.toString(), AMOUNT, START.plusSeconds(1)));
    now = now.plus(Duration.ofHours(1));
    runs.run();
    assertThat(runs.openDifferences()).isZero();
  }

  @Test
  void aRefundThatFailsAfterItsFirstComparisonIsLoggedByALaterPass() {
    var order = charge("pi_1", START);
    var refund = refund(order, "pi_1", "re_1", START.plusSeconds(60));
    runs.run();
    now = START.plus(Duration.ofHours(3));
    runs.run();
    assertThat(status(order, refund)).isEqualTo(Refund.Status.SUCCEEDED);

    psp.failLater("re_1");
    now = START.plus(Duration.ofHours(26));
    runs.run();

    assertThat(status(order, refund)).isEqualTo(Refund.Status.FAILED_LATER);
    assertThat(runs.openDifferences()).isZero();
  }

  @Test
  void tooManyDifferencesStopThePassInsteadOfBeingForgotten() {
    IntStream.rangeClosed(0, ReconciliationRuns.MAX_OPEN).forEach(n -> charge("pi_" + n, START));
    psp.charges.clear();
    now = START.plus(Duration.ofHours(4));

    runs.run();

    assertThat(runs.openDifferences()).isEqualTo(ReconciliationRuns.MAX_OPEN);
    assertThat(stored.passes.get(FIRST).until()).isBeforeOrEqualTo(START);
    assertThat(runs.lag()).isGreaterThan(Duration.ofHours(3));
  }

  @Test
  void comparisonOfAPeriodLogsNothing() {
    var order = charge("pi_1", START);
    var refund = refund(order, "pi_1", "re_1", START.plusSeconds(60));
    psp.failLater("re_1");

    var report =
        new Reconciliation(log, log, psp, Refunders.withoutPsp(log))
            .compare(new Period(START.minusSeconds(1), START.plusSeconds(120)));

    assertThat(report.differences())
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.MISSING_THERE);
    assertThat(status(order, refund)).isEqualTo(Refund.Status.SUCCEEDED);
  }

  private ReconciliationRuns runs() {
    return new ReconciliationRuns(
        new Reconciliation(log, log, psp, Refunders.withoutPsp(log)),
        stored,
        log,
        () -> leader,
        new ReconciliationSettings(
            Duration.ofMinutes(1), Duration.ofHours(1), List.of(FIRST, SECOND)),
        clock);
  }

  private UUID charge(String intentId, Instant at) {
    var order = UUID.randomUUID();
    var customer = UUID.randomUUID();
    log.append(order, new PaymentEvent.Started(customer, intentId, 1, AMOUNT), at);
    log.append(order, new PaymentEvent.Captured(customer, intentId, AMOUNT), at);
    psp.charges.add(new ProviderBooks.BookedCharge(intentId, order.toString(), AMOUNT, at));
    return order;
  }

  private UUID refund(UUID order, String intentId, String pspId, Instant at) {
    var refund = UUID.randomUUID();
    var customer = UUID.randomUUID();
    log.append(order, new PaymentEvent.RefundStarted(customer, intentId, refund, 1, AMOUNT), at);
    log.append(order, new PaymentEvent.Refunded(customer, intentId, refund, pspId, AMOUNT), at);
    psp.refunds.add(
        new ProviderBooks.BookedRefund(
            pspId, intentId, order.toString(), refund.toString(), AMOUNT, null, at));
    return refund;
  }

  private Refund.Status status(UUID order, UUID refund) {
    return log.find(order).orElseThrow().refund(refund).orElseThrow().status();
  }

  private static final class StoredPasses implements ReconciliationPasses {
    final Map<Duration, ReconciliationPass> passes = new HashMap<>();

    @Override
    public Optional<ReconciliationPass> find(Duration age) {
      return Optional.ofNullable(passes.get(age));
    }

    @Override
    public void save(ReconciliationPass pass) {
      passes.put(pass.age(), pass);
    }
  }

  private final class Log implements Payments, LoggedBooks {
    private final Map<UUID, Payment> payments = new HashMap<>();

    void append(UUID orderId, PaymentEvent event, Instant at) {
      payments.compute(orderId, (_, before) -> Payment.apply(before, orderId, event, at));
    }

    @Override
    public Payment append(UUID orderId, PaymentEvent event) {
      append(orderId, event, now);
      return payments.get(orderId);
    }

    @Override
    public Optional<Payment> find(UUID orderId) {
      return Optional.ofNullable(payments.get(orderId));
    }

    @Override
    public Optional<Payment> current(UUID orderId) {
      return find(orderId);
    }

    @Override
    public void readToEnd() {}

    @Override
    public SortedMap<String, Map<JournalEntry.Account, Long>> balances() {
      throw new UnsupportedOperationException("The reconciliation compares payments");
    }

    @Override
    public Map<UUID, Payment> payments(Collection<UUID> orderIds) {
      var found = new HashMap<>(payments);
      found.keySet().retainAll(orderIds);
      return found;
    }

    @Override
    public Stream<LoggedCharge> charges(Period period) {
      return captured()
          .filter(payment -> period.contains(payment.requireIntent().startedAt()))
          .map(LoggedCharge::of);
    }

    @Override
    public Stream<LoggedRefund> refunds(Period period) {
      return captured()
          .flatMap(payment ->
              payment.refunds().stream()
                  .filter(refund -> refund.status() == Refund.Status.SUCCEEDED)
                  .filter(refund -> period.contains(refund.updatedAt()))
                  .map(refund -> LoggedRefund.of(payment, refund)));
    }

    private Stream<Payment> captured() {
      return List.copyOf(payments.values()).stream()
          .filter(payment -> payment.status() == PaymentStatus.CAPTURED);
    }

    @Override
    public Optional<Instant> oldestIntent() {
      return payments.values().stream()
          .map(payment -> payment.requireIntent().startedAt())
          .min(Instant::compareTo);
    }
  }

  /** Lists what is in a period; fails after a number of periods. */
  private static final class Psp implements ProviderBooks {
    final List<Period> periods = new ArrayList<>();
    final List<BookedCharge> charges = new ArrayList<>();
    final List<BookedRefund> refunds = new ArrayList<>();
    int failsAfter = Integer.MAX_VALUE;

    void failLater(String id) {
      refunds.replaceAll(refund ->
          refund.id().equals(id)
              ? new BookedRefund(
                  id,
                  refund.intentId(),
                  refund.orderId(),
                  refund.refundId(),
                  new Money(0, "EUR"),
                  "expired_or_canceled_card",
                  refund.createdAt())
              : refund);
    }

    @Override
    public Stream<BookedCharge> charges(Period period) {
      if (periods.size() >= failsAfter) {
        throw new ProviderFailure.OutcomeUnknown("of this test", null);
      }
      periods.add(period);
      return charges.stream().filter(charge -> period.contains(charge.createdAt()));
    }

    @Override
    public Stream<BookedRefund> refunds(Period period) {
      return refunds.stream().filter(refund -> period.contains(refund.createdAt()));
    }

    @Override
    public Optional<BookedCharge> charge(String intentId) {
      return charges.stream().filter(charge -> charge.intentId().equals(intentId)).findFirst();
    }

    @Override
    public Optional<BookedRefund> refund(String id) {
      return refunds.stream().filter(refund -> refund.id().equals(id)).findFirst();
    }
  }
}
