package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;
import shop.order.store.ScriptDigests;

/** One customer, who orders one of ten pieces at an instance that will be killed. */
final class Scene {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Rig rig;
  private final Point point;
  private final TcpProxy proxy;
  private final Rig.Instance victim;
  private final TestOrders customer;
  private final String sku =
      "KILLED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private final String key = UUID.randomUUID().toString();

  /** Where the line to Redis is held. */
  enum Point {
    BEFORE_THE_CLAIM(false, "CLAIM"),
    BETWEEN_CLAIM_AND_APPEND(true, "CLAIM"),
    BETWEEN_ACKNOWLEDGEMENT_AND_VIEW(false, "ACCEPT"),
    BETWEEN_VIEW_AND_ANSWER(true, "ACCEPT");

    private final boolean executed;
    private final String digest;

    Point(boolean executed, String script) {
      this.executed = executed;
      this.digest = ScriptDigests.of(script);
    }
  }

  Scene(Rig rig, Point point) {
    this.rig = rig;
    this.point = point;
    try {
      proxy = new TcpProxy(rig.redis.endpoint().port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    victim = rig.instance(proxy.port());
    customer = new TestOrders(rig.one.port());
  }

  void start() {
    rig.log.product(sku, 10);
    victim.start();
    awaitLeft(10);
  }

  /** Kills the instance at its point; the client learns nothing. */
  void kill() {
    var sprung = point.executed ? proxy.holdAnswerTo(point.digest) : proxy.holdBefore(point.digest);
    var request = CompletableFuture.runAsync(this::request, Rig.THREADS);
    try {
      sprung.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    victim.kill();
    request.join();
    close();
  }

  /** Kills the instance while Kafka does not answer, though it will take what it was sent. */
  void killBeforeTheAcknowledgement() {
    rig.kafka.freeze();
    try {
      var request = CompletableFuture.runAsync(this::request, Rig.THREADS);
      awaitLeft(9);
      victim.kill();
      request.join();
    } finally {
      rig.kafka.thaw();
    }
    close();
  }

  private void request() {
    try {
      var answer = customer.at(victim.port()).place(key, TestOrders.body(sku, 1));
      assertThat(answer.statusCode()).isNotEqualTo(201);
    } catch (UncheckedIOException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
  }

  /** The client asks the same of another instance. */
  void placeUntilAnswered() {
    await()
        .atMost(PATIENCE)
        .until(() -> customer.place(key, TestOrders.body(sku, 1)).statusCode() == 201);
  }

  void assertOneOrderHoldsOnePiece() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(customer.order(id()).path("version").asInt()).as(point.name()).isEqualTo(1));
    assertThat(rig.log.events(id())).as(point.name()).isEqualTo(List.of("shop.order.placed.v1"));
    assertThat(left()).as(point.name()).isEqualTo(9);
  }

  /** Tells that the order's payment was declined. */
  void decline() {
    rig.log.fact(
        id(),
        "shop.payment.declined.v1",
        Map.of("paymentIntentId", "pi_" + id(), "reason", "card_declined"));
  }

  /** What Redis keeps as the answer to the client's key. */
  @Nullable String keptAnswer() {
    try (var view = new View(rig.redis)) {
      return view.redis().hget("idempotency:" + id(), "body");
    }
  }

  /** The answer's time is over. */
  void forgetAnswer() {
    try (var view = new View(rig.redis)) {
      view.redis().del("idempotency:" + id());
    }
  }

  /** What the client hears when it asks once more. */
  String answer() {
    return customer.place(key, TestOrders.body(sku, 1)).body();
  }

  String id() {
    return OrderId.of(customer.customer(), IdempotencyKey.parse(key)).toString();
  }

  long left() {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong(-1);
  }

  void awaitLeft(long pieces) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(left()).isEqualTo(pieces));
  }

  private void close() {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
