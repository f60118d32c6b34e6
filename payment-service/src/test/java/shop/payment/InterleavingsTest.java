package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

/** Thousands of interleavings of steps with faults: the log has what the PSP did, exactly once. */
class InterleavingsTest {

  private static final int RUNS = 3_000;
  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final PaymentTask.Pay PAY =
      new PaymentTask.Pay(ORDER, CUSTOMER, new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL = new PaymentTask.Cancel(ORDER, CUSTOMER);

  @Test
  void paymentAndCancelInAnyOrderLeaveNothingCharged() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, seed % 5 == 0);
      var instances = List.of(run.instance(), run.instance());
      for (var instance : instances) {
        run.add(instance, PAY, () -> true);
        run.add(instance, CANCEL, () -> true);
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.events).isZero();
    }
  }

  @Test
  void paymentMethodThatIsRefusedSometimesIsChargedOnceOrNever() {
    for (long seed = 0; seed < RUNS; seed++) {
      boolean cancels = seed % 2 == 0;
      var run = new Interleaving(ORDER, seed, false);
      run.psp.refusesMethodSometimes = true;
      for (var instance : List.of(run.instance(), run.instance())) {
        run.add(instance, PAY, () -> true);
        if (cancels) {
          run.add(instance, CANCEL, () -> true);
        }
      }

      run.run();

      check(run, seed);
      assertThat(run.payment().isFinal()).as("seed %d: %s", seed, run.events).isTrue();
      if (cancels) {
        assertThat(net(run)).as("left charged with seed %d: %s", seed, run.events).isZero();
      }
    }
  }

  @Test
  void refundsAndACancelInAnyOrderRefundEachAmountOnce() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      var refunds = LongStream.of(30, 50, 40).mapToObj(InterleavingsTest::refund).toList();
      for (var instance : instances) {
        run.add(instance, PAY, () -> true);
        for (var refund : refunds) {
          run.add(instance, refund, () -> isCaptured(run));
        }
        // As in order-service: no cancel while a refund is in progress.
        run.add(
            instance,
            CANCEL,
            () -> isCaptured(run) && refunds.stream().allMatch(refund -> isFinal(run, refund)));
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.events).isZero();
    }
  }

  @Test
  void cancelAndRefundsMadeByHandRefundEachAmountOnce() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      run.refundByHand(new Money(30, "EUR"));
      run.refundByHand(new Money(20, "EUR"));
      var refund = refund(10);
      for (var instance : instances) {
        run.add(instance, PAY, () -> true);
        run.add(instance, refund, () -> isCaptured(run));
        run.add(instance, CANCEL, () -> isCaptured(run) && isFinal(run, refund));
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.events).isZero();
    }
  }

  @Test
  void discardedRefundsAreLoggedWithTheirResults() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      instances.forEach(instance -> run.add(instance, PAY, () -> true));
      for (long amount : new long[] {30, 50, 40}) {
        run.addDiscarded(instances, refund(amount), () -> isCaptured(run));
      }

      run.run();

      check(run, seed);
    }
  }

  @Test
  void cancelAfterDiscardedRefundsRefundsTheRemainder() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      run.refundByHand(new Money(30, "EUR"));
      var refund = refund(50);
      instances.forEach(instance -> run.add(instance, PAY, () -> true));
      run.addDiscarded(instances, refund, () -> isCaptured(run));
      instances.forEach(
          instance -> run.add(instance, CANCEL, () -> isCaptured(run) && isFinal(run, refund)));

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.events).isZero();
    }
  }

  @Test
  void discardedPaymentIsRefundedUnlessItWasCapturedBefore() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, seed % 5 == 0);
      run.addDiscarded(List.of(run.instance(), run.instance()), PAY, () -> true);

      run.run();

      check(run, seed);
      var discardedAt = run.discardedAt(PAY).orElseThrow();
      boolean wasCapturedBefore =
          run.timeOfFirst(PaymentEvent.Captured.class).filter(discardedAt::isAfter).isPresent();
      assertThat(net(run))
          .as("left charged with seed %d: %s", seed, run.events)
          .isEqualTo(wasCapturedBefore ? 100 : 0);
    }
  }

  private static void check(Interleaving run, long seed) {
    var payment = run.payment();
    assertThat(run.psp.charges).as("charges with seed %d: %s", seed, run.events).isLessThan(2);
    assertThat(run.psp.refunds.stream().map(ProviderRefund::refundId).filter(Objects::nonNull))
        .as("refunds with seed %d: %s", seed, run.events)
        .doesNotHaveDuplicates();
    assertThat(payment.captured().map(Money::amount).orElse(0L))
        .as("captured with seed %d: %s", seed, run.events)
        .isEqualTo(run.psp.charges * 100L);
    assertThat(payment.refunded().map(Money::amount).orElse(0L))
        .as("refunded with seed %d: %s", seed, run.events)
        .isEqualTo(run.psp.refunded());
  }

  private static long net(Interleaving run) {
    return run.psp.charges * 100L - run.psp.refunded();
  }

  private static boolean isCaptured(Interleaving run) {
    return run.payment() != null && run.payment().status() == PaymentStatus.CAPTURED;
  }

  private static boolean isFinal(Interleaving run, PaymentTask.Refund refund) {
    return run.payment().refund(refund.refundId()).filter(Refund::isFinal).isPresent();
  }

  private static PaymentTask.Refund refund(long amount) {
    return new PaymentTask.Refund(ORDER, CUSTOMER, UUID.randomUUID(), new Money(amount, "EUR"));
  }
}
