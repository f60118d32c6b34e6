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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import shop.order.TestOrders;
import shop.order.crash.Scene.Point;

/** An instance is killed between any two of the steps of placing an order. */
class KilledTest {

  private final Rig rig = Rig.shared();

  @Test
  void theSameRequestThenMakesOneOrder() {
    var scenes = Arrays.stream(Point.values()).map(point -> new Scene(rig, point)).toList();
    allAtOnce(scenes, Scene::start);
    allAtOnce(scenes, Scene::kill);

    allAtOnce(scenes, Scene::placeUntilAnswered);

    assertAll(scenes.stream().<Executable>map(scene -> scene::assertOneOrderHoldsOnePiece));
  }

  @Test
  void killedWhileKafkaDoesNotAnswerTheSameRequestMakesOneOrder() {
    var scene = new Scene(rig, Point.BETWEEN_CLAIM_AND_APPEND);
    scene.start();
    scene.killBeforeTheAcknowledgement();

    scene.placeUntilAnswered();

    scene.assertOneOrderHoldsOnePiece();
  }

  /** While orders arrive all the time, so that the log's end is never quite reached. */
  @Test
  void piecesOfAnOrderThatNeverReachedTheLogAreFreedAndThoseOfOneThatDidAreNot() {
    var landed = new Scene(rig, Point.BETWEEN_ACKNOWLEDGEMENT_AND_VIEW);
    var lost = new Scene(rig, Point.BETWEEN_CLAIM_AND_APPEND);
    allAtOnce(List.of(landed, lost), Scene::start);
    landed.kill();
    lost.kill();
    assertThat(lost.left()).isEqualTo(9);

    whileOrdersArrive(() -> lost.awaitLeft(10));

    assertThat(rig.log.events(lost.id())).isEmpty();
    landed.assertOneOrderHoldsOnePiece();
  }

  /**
   * The pieces of an order that came to nothing are free, and stay so when its client comes back.
   * What it then hears is kept though nobody came to keep it, and is made anew once it is
   * forgotten.
   */
  @Test
  void whoComesBackAfterTheOrderFailedHearsTheSameAndTakesNoPieces() {
    var scene = new Scene(rig, Point.BETWEEN_ACKNOWLEDGEMENT_AND_VIEW);
    scene.start();
    scene.kill();
    scene.awaitLeft(9);
    scene.decline();
    scene.awaitLeft(10);

    String kept = scene.keptAnswer();
    assertThat(kept).isNotNull();
    assertThat(scene.answer()).isEqualTo(kept);
    scene.forgetAnswer();
    assertThat(scene.answer()).isEqualTo(kept);

    assertThat(scene.keptAnswer()).isEqualTo(kept);
    assertThat(scene.left()).isEqualTo(10);
    assertThat(rig.log.events(scene.id()))
        .containsExactly("shop.order.placed.v1", "shop.order.payment-failed.v1");
  }

  private void whileOrdersArrive(Runnable step) {
    String sku = "BUSY-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    rig.log.product(sku, 1_000_000);
    var customer = new TestOrders(rig.one.port());
    await()
        .atMost(Scene.PATIENCE)
        .until(() ->
            customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode()
                == 201);
    var busy = new AtomicBoolean(true);
    var load =
        IntStream.range(0, 4)
            .mapToObj(_ ->
                CompletableFuture.runAsync(
                    () -> {
                      while (busy.get()) {
                        customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1));
                      }
                    },
                    Rig.THREADS))
            .toList();
    try {
      step.run();
    } finally {
      busy.set(false);
      load.forEach(CompletableFuture::join);
    }
  }

  private static void allAtOnce(List<Scene> scenes, Consumer<Scene> step) {
    CompletableFuture.allOf(
            scenes.stream()
                .map(scene -> CompletableFuture.runAsync(() -> step.accept(scene), Rig.THREADS))
                .toArray(CompletableFuture[]::new))
        .join();
  }
}
