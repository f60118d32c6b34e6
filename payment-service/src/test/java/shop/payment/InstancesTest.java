package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/** Several instances of payment-service: concurrent work and rebalances. */
@Tag("slow")
class InstancesTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";

  private static Sandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void twoInstancesChargeAnOrderOnce() throws Exception {
    try (var one = RunningService.withLongReadTimeout(sandbox);
        var two = RunningService.withLongReadTimeout(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 20; round++) {
        var order = Kafka.newOrder("pm_card_visa");
        var together = new CyclicBarrier(2);
        // Different attempts create different intents; the log decides which one is confirmed.
        var results =
            threads.invokeAll(List.of(pay(one, order, 1, together), pay(two, order, 2, together)));
        for (var result : results) {
          result.get();
        }

        await().until(() -> Kafka.types(order).contains(CAPTURED));
        assertThat(sandbox.ledger(order.orderId())).hasSize(1);
        assertThat(sandbox.ledger(order.orderId()).get(0).get("payment_intent").asString())
            .isEqualTo(firstIntent(order));
      }
    }
  }

  @Test
  void sameOrderOnTwoPartitionsIsChargedOnce() {
    try (var _ = RunningService.at(sandbox);
        var _ = RunningService.at(sandbox)) {
      var orders = IntStream.range(0, 10).mapToObj(_ -> Kafka.newOrder("pm_card_visa")).toList();
      for (var order : orders) {
        for (int partition = 0; partition < Topics.ORDERS.partitions(); partition++) {
          var placed = Kafka.placed(order);
          Kafka.send(
              new ProducerRecord<>(
                  placed.topic(), partition, null, placed.key(), placed.value(), placed.headers()));
        }
      }

      orders.forEach(order -> await().until(() -> Kafka.types(order).contains(CAPTURED)));
      orders.forEach(order -> assertThat(sandbox.ledger(order.orderId())).hasSize(1));
    }
  }

  @Test
  void rebalanceWhileOrdersAreInFlightChargesEachOrderOnce() {
    sandbox.faults(
        """
        {"kind":"latency","latency":"PT0.15S"}\
        """);
    List<PaymentTask.Pay> orders;
    var one = RunningService.at(sandbox, "--shop.payment.drain-timeout=50ms");
    try (var _ = RunningService.at(sandbox)) {
      orders = IntStream.range(0, 200).mapToObj(_ -> Kafka.place("pm_card_visa")).toList();
      one.close();

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> orders.stream().allMatch(order -> Kafka.types(order).contains(CAPTURED)));
    } finally {
      sandbox.noFaults();
    }
    orders.forEach(order -> assertThat(sandbox.ledger(order.orderId())).hasSize(1));
  }

  private static Callable<Boolean> pay(
      RunningService service, PaymentTask.Pay order, int attempt, CyclicBarrier together) {
    return () -> {
      together.await();
      return service.bean(Payer.class).pay(order, attempt);
    };
  }

  private static String firstIntent(PaymentTask.Pay order) {
    var first = Kafka.payments(order).findFirst().orElseThrow();
    assertThat(Kafka.types(order)).startsWith(STARTED);
    return Json.read(first.value(), PaymentEvent.Started.class).paymentIntentId();
  }
}
