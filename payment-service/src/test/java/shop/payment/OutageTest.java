package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.place;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.kafka.Topics;

/** Outages of the PSP delay orders and have no other effect on them. */
@Tag("slow")
class OutageTest {

  private static Sandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @AfterEach
  void removeFaults() {
    sandbox.noFaults();
  }

  @Test
  void outageOpensTheBreakerAndOrdersRecoverWithoutDeadLetters() {
    try (var service = RunningService.at(sandbox, "--shop.payment.max-attempts=3")) {
      Outage outage = Outage.of(service);
      sandbox.kill();

      var orders = placeOrders(30);
      outage.awaitOpenings(5);
      assertThat(deadLettersOf(orders)).isZero();

      sandbox.run();
      awaitAllCapturedOnce(orders);
      assertThat(deadLettersOf(orders)).isZero();
    }
  }

  @Test
  void outageWithASingleOrderCountsNoAttempts() {
    try (var service = RunningService.at(sandbox, "--shop.payment.max-attempts=2")) {
      Outage outage = Outage.of(service);
      sandbox.faults(
          """
          {"kind":"down"}\
          """);

      var orders = placeOrders(1);
      outage.awaitOpenings(3);
      assertThat(deadLettersOf(orders)).isZero();

      sandbox.noFaults();
      awaitAllCapturedOnce(orders);
    }
  }

  @Test
  void outageOfChargesOnlyCountsNoAttempts() {
    try (var service = RunningService.at(sandbox)) {
      Outage outage = Outage.of(service);
      sandbox.faults(
          """
          {"kind":"down","operation":"confirm"}\
          """);

      var orders = placeOrders(20);
      outage.awaitOpenings(3);
      assertThat(deadLettersOf(orders)).isZero();

      sandbox.noFaults();
      awaitAllCapturedOnce(orders);
    }
  }

  @Test
  void outageOfRefundsOnlyDoesNotStopCharges() {
    try (var service = RunningService.at(sandbox)) {
      var paid = placeOrders(6);
      awaitAllCapturedOnce(paid);
      sandbox.faults(
          """
          {"kind":"down","operation":"refund"}\
          """);
      paid.forEach(order -> Kafka.send(Kafka.refundRequested(order, UUID.randomUUID(), 1290)));
      var breakers = service.bean(CircuitBreakerRegistry.class);
      var refundBreaker = breakers.circuitBreaker("psp-refunds");
      await().atMost(Duration.ofSeconds(60)).until(() -> refundBreaker.getState() == State.OPEN);

      awaitAllCapturedOnce(placeOrders(10));
      assertThat(breakers.circuitBreaker("psp").getState()).isEqualTo(State.CLOSED);

      sandbox.noFaults();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              paid.stream()
                  .allMatch(order -> Kafka.types(order).contains("shop.payment.refunded.v1")));
      paid.forEach(order ->
          assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290"));
      assertThat(deadLettersOf(paid)).isZero();
    }
  }

  @Test
  void limitsOfTheProviderDelayOrdersAndCostNoAttempt() {
    try (var limited = Sandbox.withLimits(40, 10);
        var service =
            RunningService.withLongReadTimeout(limited, "--shop.payment.max-attempts=1")) {
      Outage outage = Outage.of(service);

      var orders = placeOrders(40);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              orders.stream()
                  .allMatch(order -> Kafka.types(order).contains("shop.payment.captured.v1")));
      orders.forEach(order -> assertThat(limited.ledger(order.orderId())).hasSize(1));
      var meters = service.bean(MeterRegistry.class);
      assertThat(meters.counter("payments.provider.rate.limited").count()).isPositive();
      assertThat(meters.get("payments.provider.calls").counters()).isNotEmpty();
      assertThat(deadLettersOf(orders)).isZero();
      assertThat(outage.openings()).hasValue(0);
    }
  }

  @Test
  void rejectedApiKeyIsAnOutage() {
    List<PaymentTask.Pay> orders;
    try (var service =
        RunningService.at(
            sandbox, "--PSP_API_KEY=sk_test_of_somebody_else", "--shop.payment.max-attempts=1")) {
      Outage outage = Outage.of(service);
      orders = placeOrders(5);
      outage.awaitOpenings(2);
      assertThat(deadLettersOf(orders)).isZero();
    }
    try (var _ = RunningService.at(sandbox)) {
      awaitAllCapturedOnce(orders);
    }
  }

  private static List<PaymentTask.Pay> placeOrders(int count) {
    return IntStream.range(0, count).mapToObj(_ -> place("pm_card_visa")).toList();
  }

  private static void awaitAllCapturedOnce(List<PaymentTask.Pay> orders) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            orders.stream()
                .allMatch(order -> Kafka.types(order).contains("shop.payment.captured.v1")));
    orders.forEach(order -> assertThat(sandbox.ledger(order.orderId())).hasSize(1));
  }

  private static long deadLettersOf(List<PaymentTask.Pay> orders) {
    var keys = orders.stream().map(order -> order.orderId().toString()).toList();
    return Kafka.read(Topics.DEAD_LETTERS.name())
        .map(record -> record.headers().lastHeader("ce_subject"))
        .filter(subject -> subject != null && keys.contains(Kafka.text(subject.value())))
        .count();
  }

  /** Counts how often the breaker opened: each time, a few calls had failed. */
  private record Outage(AtomicInteger openings) {
    static Outage of(RunningService service) {
      var openings = new AtomicInteger();
      service
          .bean(CircuitBreakerRegistry.class)
          .circuitBreaker("psp")
          .getEventPublisher()
          .onStateTransition(event -> {
            if (event.getStateTransition().getToState() == State.OPEN) {
              openings.incrementAndGet();
            }
          });
      return new Outage(openings);
    }

    void awaitOpenings(int count) {
      await().atMost(Duration.ofSeconds(60)).until(() -> openings.get() >= count);
    }
  }
}
