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
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/** Several instances of payment-service: overlapping, coming and going. */
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
  void twoInstancesOnOneOrderAtOnceChargeOnce() throws Exception {
    try (var one = RunningService.patient(sandbox);
        var two = RunningService.patient(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 20; round++) {
        var due = Kafka.due("pm_card_visa");
        var together = new CyclicBarrier(2);
        // Different attempts make different intents, which only the log keeps apart.
        var results =
            threads.invokeAll(List.of(pay(one, due, 1, together), pay(two, due, 2, together)));
        for (var result : results) {
          result.get();
        }

        await().until(() -> Kafka.types(due).contains(CAPTURED));
        assertThat(sandbox.ledger(due.orderId())).hasSize(1);
        assertThat(sandbox.ledger(due.orderId()).get(0).get("payment_intent").asString())
            .isEqualTo(firstIntent(due));
      }
    }
  }

  @Test
  void sameOrderOnTwoPartitionsIsChargedOnce() {
    try (var _ = RunningService.at(sandbox);
        var _ = RunningService.at(sandbox)) {
      var dues = IntStream.range(0, 10).mapToObj(_ -> Kafka.due("pm_card_visa")).toList();
      for (var due : dues) {
        for (int partition = 0; partition < Topics.ORDERS.partitions(); partition++) {
          var placed = Kafka.placed(due);
          Kafka.send(
              new ProducerRecord<>(
                  placed.topic(), partition, null, placed.key(), placed.value(), placed.headers()));
        }
      }

      dues.forEach(due -> await().until(() -> Kafka.types(due).contains(CAPTURED)));
      dues.forEach(due -> assertThat(sandbox.ledger(due.orderId())).hasSize(1));
    }
  }

  @Test
  void partitionsMoveWhileOrdersAreInFlight() {
    sandbox.faults(
        """
        {"kind":"latency","latency":"PT0.15S"}\
        """);
    List<Due> dues;
    var one = RunningService.at(sandbox, "--shop.payment.drain=50ms");
    try (var _ = RunningService.at(sandbox)) {
      dues = IntStream.range(0, 200).mapToObj(_ -> Kafka.place("pm_card_visa")).toList();
      one.close();

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> dues.stream().allMatch(due -> Kafka.types(due).contains(CAPTURED)));
    } finally {
      sandbox.noFaults();
    }
    dues.forEach(due -> assertThat(sandbox.ledger(due.orderId())).hasSize(1));
  }

  private static Callable<Boolean> pay(
      RunningService service, Due due, int attempt, CyclicBarrier together) {
    return () -> {
      together.await();
      return service.bean(Payer.class).pay(due, attempt);
    };
  }

  private static String firstIntent(Due due) {
    var first = Kafka.payments(due).findFirst().orElseThrow();
    assertThat(Kafka.types(due)).startsWith(STARTED);
    return Json.read(first.value(), PaymentEvent.Started.class).paymentIntentId();
  }
}
