package shop.payment.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** What the consumer counts. */
final class PaymentMetrics {

  private final MeterRegistry registry;
  private final Counter retries;
  private final Counter deadLetters;

  PaymentMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.retries =
        Counter.builder("payments.retries")
            .description("Tries put off to the retry topic")
            .register(registry);
    this.deadLetters =
        Counter.builder("payments.dead.letters").description("Records given up").register(registry);
  }

  void retried() {
    retries.increment();
  }

  void gaveUp() {
    deadLetters.increment();
  }

  void inFlight(IntSupplier count) {
    Gauge.builder("payments.in.flight", count::getAsInt)
        .description("Orders worked on now")
        .strongReference(true)
        .register(registry);
  }
}
