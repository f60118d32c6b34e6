package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.place;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import shop.common.kafka.Topics;

/** What the PSP's outages do to orders: nothing but delay them. */
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
  void heal() {
    sandbox.noFaults();
  }

  @Test
  void outageOpensTheBreakerCostsNothingAndEndsByItself() {
    try (var service = RunningService.at(sandbox, "--shop.payment.max-attempts=3")) {
      Outage outage = Outage.of(service);
      sandbox.kill();

      var dues = orders(30);
      outage.awaitProbes(5);
      assertThat(deadLettersOf(dues)).isZero();

      sandbox.run();
      awaitAllCapturedOnce(dues);
      assertThat(deadLettersOf(dues)).isZero();
    }
  }

  @Test
  void outageWithASingleOrderCostsItNothing() {
    try (var service = RunningService.at(sandbox, "--shop.payment.max-attempts=2")) {
      Outage outage = Outage.of(service);
      sandbox.faults(
          """
          {"kind":"down"}\
          """);

      var dues = orders(1);
      outage.awaitProbes(3);
      assertThat(deadLettersOf(dues)).isZero();

      sandbox.noFaults();
      awaitAllCapturedOnce(dues);
    }
  }

  @Test
  void outageOfChargesAloneCostsNothing() {
    try (var service = RunningService.at(sandbox)) {
      Outage outage = Outage.of(service);
      sandbox.faults(
          """
          {"kind":"down","operation":"confirm"}\
          """);

      var dues = orders(20);
      outage.awaitProbes(3);
      assertThat(deadLettersOf(dues)).isZero();

      sandbox.noFaults();
      awaitAllCapturedOnce(dues);
    }
  }

  @Test
  void outageOfRefundsAloneKeepsNobodyFromPaying() {
    try (var service = RunningService.at(sandbox)) {
      var paid = orders(6);
      awaitAllCapturedOnce(paid);
      sandbox.faults(
          """
          {"kind":"down","operation":"refund"}\
          """);
      paid.forEach(due -> Kafka.send(Kafka.refundRequested(due, UUID.randomUUID(), 1290)));
      var breakers = service.bean(CircuitBreakerRegistry.class);
      var refunding = breakers.circuitBreaker("psp-refunds");
      await().atMost(Duration.ofSeconds(60)).until(() -> refunding.getState() == State.OPEN);

      awaitAllCapturedOnce(orders(10));
      assertThat(breakers.circuitBreaker("psp").getState()).isEqualTo(State.CLOSED);

      sandbox.noFaults();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              paid.stream().allMatch(due -> Kafka.types(due).contains("shop.payment.refunded.v1")));
      paid.forEach(due ->
          assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290"));
      assertThat(deadLettersOf(paid)).isZero();
    }
  }

  @Test
  void keyThatThePspDoesNotAcceptIsAnOutage() {
    List<Due> dues;
    try (var service =
        RunningService.at(
            sandbox, "--PSP_API_KEY=sk_test_of_somebody_else", "--shop.payment.max-attempts=1")) {
      Outage outage = Outage.of(service);
      dues = orders(5);
      outage.awaitProbes(2);
      assertThat(deadLettersOf(dues)).isZero();
    }
    try (var _ = RunningService.at(sandbox)) {
      awaitAllCapturedOnce(dues);
    }
  }

  private static List<Due> orders(int count) {
    return IntStream.range(0, count).mapToObj(_ -> place("pm_card_visa")).toList();
  }

  private static void awaitAllCapturedOnce(List<Due> dues) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            dues.stream().allMatch(due -> Kafka.types(due).contains("shop.payment.captured.v1")));
    dues.forEach(due -> assertThat(sandbox.ledger(due.orderId())).hasSize(1));
  }

  private static long deadLettersOf(List<Due> dues) {
    var keys = dues.stream().map(due -> due.orderId().toString()).toList();
    return Kafka.read(Topics.DEAD_LETTERS.name())
        .map(record -> record.headers().lastHeader("ce_subject"))
        .filter(subject -> subject != null && keys.contains(Kafka.text(subject.value())))
        .count();
  }

  /** Counts how often the breaker opened: each time a few calls had found the PSP still away. */
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

    void awaitProbes(int count) {
      await().atMost(Duration.ofSeconds(60)).until(() -> openings.get() >= count);
    }
  }
}
