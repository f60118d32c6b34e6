package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

/** Thousands of orders of steps, with faults: what the log tells is what the PSP did, once each. */
class InterleavingsTest {

  private static final int RUNS = 3_000;
  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final Due DUE = new Due(ORDER, CUSTOMER, new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL = new PaymentTask.Cancel(ORDER, CUSTOMER);

  @Test
  void paymentAndCancelInAnyOrderLeaveNothingCharged() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, seed % 5 == 0);
      var instances = List.of(run.instance(), run.instance());
      for (var instance : instances) {
        run.add(instance, DUE, () -> true);
        run.add(instance, CANCEL, () -> true);
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.log).isZero();
    }
  }

  @Test
  void refundsAndACancelInAnyOrderGiveEachSumBackOnce() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      var refunds = LongStream.of(30, 50, 40).mapToObj(InterleavingsTest::refund).toList();
      for (var instance : instances) {
        run.add(instance, DUE, () -> true);
        for (var refund : refunds) {
          run.add(instance, refund, () -> isCaptured(run));
        }
        // As order-service does: no cancel while a refund is under way.
        run.add(
            instance,
            CANCEL,
            () -> isCaptured(run) && refunds.stream().allMatch(refund -> isFinal(run, refund)));
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.log).isZero();
    }
  }

  @Test
  void cancelAndRefundsMadeByHandGiveEachSumBackOnce() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      run.byHand(new Money(30, "EUR"));
      run.byHand(new Money(20, "EUR"));
      var refund = refund(10);
      for (var instance : instances) {
        run.add(instance, DUE, () -> true);
        run.add(instance, refund, () -> isCaptured(run));
        run.add(instance, CANCEL, () -> isCaptured(run) && isFinal(run, refund));
      }

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.log).isZero();
    }
  }

  @Test
  void discardedRefundsAreToldAsTheyHappened() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      instances.forEach(instance -> run.add(instance, DUE, () -> true));
      for (long amount : new long[] {30, 50, 40}) {
        run.addDiscarded(instances, refund(amount), () -> isCaptured(run));
      }

      run.run();

      check(run, seed);
    }
  }

  @Test
  void cancelAfterDiscardedRefundsGivesTheRestBack() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, false);
      var instances = List.of(run.instance(), run.instance());
      run.byHand(new Money(30, "EUR"));
      var refund = refund(50);
      instances.forEach(instance -> run.add(instance, DUE, () -> true));
      run.addDiscarded(instances, refund, () -> isCaptured(run));
      instances.forEach(
          instance -> run.add(instance, CANCEL, () -> isCaptured(run) && isFinal(run, refund)));

      run.run();

      check(run, seed);
      assertThat(net(run)).as("left charged with seed %d: %s", seed, run.log).isZero();
    }
  }

  @Test
  void discardedPaymentIsGivenBackUnlessItWentThroughBefore() {
    for (long seed = 0; seed < RUNS; seed++) {
      var run = new Interleaving(ORDER, seed, seed % 5 == 0);
      run.addDiscarded(List.of(run.instance(), run.instance()), DUE, () -> true);

      run.run();

      check(run, seed);
      var asked = run.discarded(DUE).orElseThrow();
      boolean wentThrough =
          run.firstTold(PaymentEvent.Captured.class).filter(asked::isAfter).isPresent();
      assertThat(net(run))
          .as("left charged with seed %d: %s", seed, run.log)
          .isEqualTo(wentThrough ? 100 : 0);
    }
  }

  private static void check(Interleaving run, long seed) {
    var told = run.told();
    assertThat(run.psp.charges).as("charges with seed %d: %s", seed, run.log).isLessThan(2);
    assertThat(run.psp.refunds.stream().map(ProviderRefund::refundId).filter(Objects::nonNull))
        .as("refunds with seed %d: %s", seed, run.log)
        .doesNotHaveDuplicates();
    assertThat(told.captured().map(Money::amount).orElse(0L))
        .as("captured with seed %d: %s", seed, run.log)
        .isEqualTo(run.psp.charges * 100L);
    assertThat(told.refunded().map(Money::amount).orElse(0L))
        .as("refunded with seed %d: %s", seed, run.log)
        .isEqualTo(run.psp.refunded());
  }

  private static long net(Interleaving run) {
    return run.psp.charges * 100L - run.psp.refunded();
  }

  private static boolean isCaptured(Interleaving run) {
    return run.told() != null && run.told().status() == PaymentStatus.CAPTURED;
  }

  private static boolean isFinal(Interleaving run, PaymentTask.GiveBack refund) {
    return run.told().refund(refund.refundId()).filter(Refund::isFinal).isPresent();
  }

  private static PaymentTask.GiveBack refund(long amount) {
    return new PaymentTask.GiveBack(ORDER, CUSTOMER, UUID.randomUUID(), new Money(amount, "EUR"));
  }
}
