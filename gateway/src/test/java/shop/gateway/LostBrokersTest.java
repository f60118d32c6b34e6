package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.core.StringRedisTemplate;
import shop.common.security.AccessTokens;
import shop.local.broker.KafkaBroker;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;
import tools.jackson.databind.JsonNode;

/** Which requests a gateway still accepts while Kafka, or Kafka and Redis, are unavailable. */
@Tag("slow")
class LostBrokersTest {

  private static final Backend ORDERS = new Backend("orders");

  private static KafkaBroker kafka;
  private static RedisServer redis;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path folder) {
    kafka = new KafkaBroker(folder.resolve("kafka"), Ports.freeBlock(KafkaBroker.PORTS));
    redis = new RedisServer(folder.resolve("redis"), Ports.freeBlock(1));
    kafka.start();
    redis.start();
    gateway =
        Gateway.startOver(
            kafka, redis, "ORDER_SERVICE_URLS=" + ORDERS.url(), "shop.sessions.stale-after=2s");
  }

  @AfterAll
  static void stop() {
    ORDERS.close();
    if (kafka.running()) {
      kafka.kill();
    }
    if (redis.running()) {
      redis.kill();
    }
  }

  @Test
  void withoutKafkaSessionsAreCheckedInRedisAndWithoutBothOnlyReadsAreServed() {
    var stored = gateway.loginNewAccount();
    var wiped = gateway.loginNewAccount();
    var leaving = gateway.loginNewAccount();
    var admin = gateway.login(Gateway.ADMIN);
    String id =
        gateway.bean(AccessTokens.class).verify(wiped.get("access_token").asString()).sessionId();

    gateway.bean(StringRedisTemplate.class).delete("session:" + id);
    assertThat(status(wiped.get("access_token").asString())).isEqualTo(200);

    kafka.kill();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> status(wiped.get("access_token").asString()) == 401);
    assertThat(status(stored.get("access_token").asString())).isEqualTo(200);

    // The producer has never written a revocation, so it has no metadata of the topic either.
    assertProblem(gateway.post("/auth/logout", "", bearer(leaving)), 503, "/problems/unavailable");
    assertProblem(
        gateway.delete("/admin/gateway/instances/any/drain", bearer(admin)),
        503,
        "/problems/unavailable");

    gateway.bean(StringRedisTemplate.class).delete("sessions-checked");
    assertProblem(
        gateway.refresh(stored.get("refresh_token").asString()), 503, "/problems/unavailable");

    redis.kill();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertProblem(
                gateway.post("/orders/1/cancel", "{}", bearer(stored)),
                503,
                "/problems/unavailable"));
    assertProblem(
        gateway.get("/admin/gateway/status", bearer(admin)), 503, "/problems/unavailable");
    assertThat(status(stored.get("access_token").asString())).isEqualTo(200);
    assertThat(gateway.get("/products/lamp").statusCode()).isEqualTo(200);

    kafka.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> status(stored.get("access_token").asString()) == 200);
  }

  @Test
  void aSessionThatEndedWhileRedisWasDownStaysEnded() {
    if (!kafka.running()) {
      kafka.start();
    }
    if (!redis.running()) {
      redis.start();
    }
    var tokens = signedIn();
    String refreshToken = tokens.get("refresh_token").asString();
    String key =
        "session:"
            + gateway
                .bean(AccessTokens.class)
                .verify(tokens.get("access_token").asString())
                .sessionId();

    redis.kill();
    assertThat(gateway.post("/auth/logout", "", bearer(tokens)).statusCode()).isEqualTo(204);
    redis.start();

    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !gateway.bean(StringRedisTemplate.class).hasKey(key));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> gateway.refresh(refreshToken).statusCode() == 401);
  }

  /** Once the brokers can be reached again. */
  private static JsonNode signedIn() {
    return await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsMatching(_ -> true)
        .until(gateway::loginNewAccount, tokens -> tokens.has("refresh_token"));
  }

  private static int status(String token) {
    return gateway.get("/orders", bearer(token)).statusCode();
  }
}
