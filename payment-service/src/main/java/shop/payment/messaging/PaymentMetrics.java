package shop.payment.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.IntSupplier;

/** The metrics of the consumer. */
final class PaymentMetrics {

  private final MeterRegistry registry;
  private final Counter retries;
  private final Counter polls;
  private final Counter deadLetters;
  private final Counter historyWaits;

  PaymentMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.retries =
        Counter.builder("payments.retries")
            .description("Records sent to the retry topic")
            .register(registry);
    this.polls =
        Counter.builder("payments.polls")
            .description("Attempts whose result was still pending at the PSP")
            .register(registry);
    this.deadLetters =
        Counter.builder("payments.dead.letters")
            .description("Records sent to the dead letters")
            .register(registry);
    this.historyWaits =
        Counter.builder("payments.history.waits")
            .description("Attempts of older orders that wait because PostgreSQL is away or behind")
            .register(registry);
  }

  void waitedForHistory() {
    historyWaits.increment();
  }

  void retried() {
    retries.increment();
  }

  void polled() {
    polls.increment();
  }

  void deadLettered() {
    deadLetters.increment();
  }

  void pending(PendingResults pending, Clock clock) {
    Gauge.builder("payments.pending.oldest.age", () -> pending.oldestAge(clock.instant()))
        .description("Age of the oldest payment or refund whose result is pending at the PSP")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }

  void inFlight(IntSupplier count) {
    Gauge.builder("payments.in.flight", count::getAsInt)
        .description("Records being processed")
        .strongReference(true)
        .register(registry);
  }
}
