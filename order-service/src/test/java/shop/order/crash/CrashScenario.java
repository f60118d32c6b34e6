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
import shop.order.redis.ScriptDigests;

/** A customer orders one of ten pieces at an instance that is killed during the request. */
final class CrashScenario {

  static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final TestCluster cluster;
  private final CrashPoint point;
  private final TcpProxy proxy;
  private final TestCluster.Instance victim;
  private final TestOrders customer;
  private final String sku =
      "KILLED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private final String key = UUID.randomUUID().toString();

  /** The point of the request at which the connection to Redis is blocked. */
  enum CrashPoint {
    BEFORE_THE_CLAIM(false, "CLAIM"),
    BETWEEN_CLAIM_AND_APPEND(true, "CLAIM"),
    BETWEEN_ACKNOWLEDGEMENT_AND_VIEW(false, "ACCEPT"),
    BETWEEN_VIEW_AND_ANSWER(true, "ACCEPT");

    private final boolean executed;
    private final String digest;

    CrashPoint(boolean executed, String script) {
      this.executed = executed;
      this.digest = ScriptDigests.of(script);
    }
  }

  CrashScenario(TestCluster cluster, CrashPoint point) {
    this.cluster = cluster;
    this.point = point;
    try {
      proxy = new TcpProxy(cluster.redis.endpoint().port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    victim = cluster.instance(proxy.port());
    customer = new TestOrders(cluster.one.port());
  }

  void start() {
    cluster.log.product(sku, 10);
    victim.start();
    awaitAvailable(10);
  }

  /** Kills the instance at the crash point, so that the client gets no response. */
  void kill() {
    var reached =
        point.executed ? proxy.blockReplyTo(point.digest) : proxy.blockCommand(point.digest);
    var request = CompletableFuture.runAsync(this::requestUntilKilled, TestCluster.THREADS);
    try {
      reached.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    victim.kill();
    request.join();
    close();
  }

  /** Kills the instance while Kafka is frozen; Kafka appends the command when it is thawed. */
  void killBeforeTheAcknowledgement() {
    cluster.kafka.freeze();
    try {
      var request = CompletableFuture.runAsync(this::requestUntilKilled, TestCluster.THREADS);
      awaitAvailable(9);
      victim.kill();
      request.join();
    } finally {
      cluster.kafka.thaw();
    }
    close();
  }

  /** Repeats the request, as a client does after a 503, until the instance dies. */
  private void requestUntilKilled() {
    await().atMost(TIMEOUT).until(this::losesConnection);
  }

  private boolean losesConnection() {
    try {
      var response = customer.at(victim.port()).place(key, TestOrders.body(sku, 1));
      assertThat(response.statusCode()).isNotEqualTo(201);
      return false;
    } catch (UncheckedIOException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
      return true;
    }
  }

  /** Repeats the request at another instance until it succeeds. */
  void placeUntilAccepted() {
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.place(key, TestOrders.body(sku, 1)).statusCode() == 201);
  }

  void assertOneOrderHoldsOnePiece() {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(customer.order(id()).path("version").asInt()).as(point.name()).isEqualTo(1));
    assertThat(cluster.log.events(id()))
        .as(point.name())
        .isEqualTo(List.of("shop.order.placed.v1"));
    assertThat(available()).as(point.name()).isEqualTo(9);
  }

  /** Reports that the payment of the order was declined. */
  void decline() {
    cluster.log.fact(
        id(),
        "shop.payment.declined.v1",
        Map.of("paymentIntentId", "pi_" + id(), "reason", "card_declined"));
  }

  /** The response that Redis stores under the client's key. */
  @Nullable String storedResponse() {
    try (var contents = new RedisContents(cluster.redis)) {
      return contents.redis().hget("idempotency:" + id(), "body");
    }
  }

  /** Deletes the stored response, as its expiry does. */
  void deleteStoredResponse() {
    try (var contents = new RedisContents(cluster.redis)) {
      contents.redis().del("idempotency:" + id());
    }
  }

  /** Repeats the request and returns the response body. */
  String repeat() {
    return customer.place(key, TestOrders.body(sku, 1)).body();
  }

  String id() {
    return OrderId.of(customer.customer(), new IdempotencyKey(key)).toString();
  }

  long available() {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong(-1);
  }

  void awaitAvailable(long pieces) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(available()).isEqualTo(pieces));
  }

  private void close() {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
