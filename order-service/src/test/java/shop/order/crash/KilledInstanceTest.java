package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.TestOrders;
import shop.order.crash.CrashScenario.CrashPoint;

/** An instance is killed between any two steps of the placement of an order. */
@Tag("slow")
@ResourceLock("cluster")
class KilledInstanceTest {

  private final TestCluster cluster = TestCluster.shared();

  @Test
  void theRepeatedRequestMakesOneOrder() {
    var scenarios =
        Arrays.stream(CrashPoint.values()).map(point -> new CrashScenario(cluster, point)).toList();
    allAtOnce(scenarios, CrashScenario::start);
    allAtOnce(scenarios, CrashScenario::kill);

    allAtOnce(scenarios, CrashScenario::placeUntilAccepted);

    assertAll(
        scenarios.stream().<Executable>map(scenario -> scenario::assertOneOrderHoldsOnePiece));
  }

  @Test
  void theRepeatedRequestMakesOneOrderAfterACrashDuringTheAppend() {
    var scenario = new CrashScenario(cluster, CrashPoint.BETWEEN_CLAIM_AND_APPEND);
    scenario.start();
    scenario.killBeforeTheAcknowledgement();

    scenario.placeUntilAccepted();

    scenario.assertOneOrderHoldsOnePiece();
  }

  /** Orders arrive all the time, so that the projector never reaches the end of the log. */
  @Test
  void onlyPiecesOfAnOrderThatNeverReachedTheLogAreReleased() {
    var inLog = new CrashScenario(cluster, CrashPoint.BETWEEN_ACKNOWLEDGEMENT_AND_VIEW);
    var lost = new CrashScenario(cluster, CrashPoint.BETWEEN_CLAIM_AND_APPEND);
    allAtOnce(List.of(inLog, lost), CrashScenario::start);
    inLog.kill();
    lost.kill();
    assertThat(lost.available()).isEqualTo(9);

    whileOrdersArrive(() -> lost.awaitAvailable(10));

    assertThat(cluster.log.events(lost.id())).isEmpty();
    inLog.assertOneOrderHoldsOnePiece();
  }

  /**
   * The pieces of a failed order are released, and stay so when its client repeats the request. The
   * projector stores the response that the killed instance did not store, and the response is built
   * again after its expiry.
   */
  @Test
  void aRepeatedRequestAfterTheOrderFailedGetsTheSameResponseAndReservesNoPieces() {
    var scenario = new CrashScenario(cluster, CrashPoint.BETWEEN_ACKNOWLEDGEMENT_AND_VIEW);
    scenario.start();
    scenario.kill();
    scenario.awaitAvailable(9);
    scenario.decline();
    scenario.awaitAvailable(10);

    String stored = scenario.storedResponse();
    assertThat(stored).isNotNull();
    assertThat(scenario.repeat()).isEqualTo(stored);
    scenario.deleteStoredResponse();
    assertThat(scenario.repeat()).isEqualTo(stored);

    assertThat(scenario.storedResponse()).isEqualTo(stored);
    assertThat(scenario.available()).isEqualTo(10);
    assertThat(cluster.log.events(scenario.id()))
        .containsExactly("shop.order.placed.v1", "shop.order.payment-failed.v1");
  }

  private void whileOrdersArrive(Runnable step) {
    String sku = "BUSY-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    cluster.log.product(sku, 1_000_000);
    var customer = new TestOrders(cluster.one.port());
    await()
        .atMost(CrashScenario.TIMEOUT)
        .until(() ->
            customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode()
                == 201);
    var loading = new AtomicBoolean(true);
    var load =
        IntStream.range(0, 4)
            .mapToObj(_ ->
                CompletableFuture.runAsync(
                    () -> {
                      while (loading.get()) {
                        customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1));
                      }
                    },
                    TestCluster.THREADS))
            .toList();
    try {
      step.run();
    } finally {
      loading.set(false);
      load.forEach(CompletableFuture::join);
    }
  }

  private static void allAtOnce(List<CrashScenario> scenarios, Consumer<CrashScenario> step) {
    CompletableFuture.allOf(
            scenarios.stream()
                .map(scenario ->
                    CompletableFuture.runAsync(() -> step.accept(scenario), TestCluster.THREADS))
                .toArray(CompletableFuture[]::new))
        .join();
  }
}
