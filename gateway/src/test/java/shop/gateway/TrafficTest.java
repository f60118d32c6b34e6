package shop.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.ORDERS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.security.AccessTokens;
import shop.common.testkit.Contracts;
import shop.common.testkit.TopicReader;
import tools.jackson.databind.JsonNode;

/** The records of requests in the topic traffic. */
@Tag("slow")
class TrafficTest {

  private static final String TYPE = "shop.gateway.request-handled.v1";

  private static JsonNode tokens;

  @BeforeAll
  static void logIn() {
    tokens = GATEWAY.login(Gateway.ADMIN);
  }

  @Test
  void requestToAServiceIsRecordedWithItsInstanceAndTimes() {
    GATEWAY.post("/payments", "{\"traffic\":1234567}", bearer(tokens));

    var record = recorded("service", "payment-service", "bytesIn", 19);

    assertThat(record.get("route").asString()).isEqualTo("payments");
    assertThat(record.get("instance").asString()).startsWith("payment-service@");
    assertThat(record.get("method").asString()).isEqualTo("POST");
    assertThat(record.get("attempts").asInt()).isPositive();
    assertThat(record.get("rateLimit").asString()).isEqualTo("allowed");
    assertThat(record.get("outcome").asString()).isEqualTo("completed");
    assertThat(Contracts.sample(TYPE).get("data").propertyNames())
        .containsAll(record.propertyNames());
  }

  @Test
  void responseFromTheCacheIsRecordedUnderItsRouteWithoutAService() {
    String path = "/products/cache/traffic-" + UUID.randomUUID();
    RawServices.cached =
        (_, connection) ->
            RawService.write(
                connection,
                "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\nContent-Length: 4321\r\n\r\n"
                    + "x".repeat(4321));
    GATEWAY.get(path);
    GATEWAY.get(path);

    var hit = recorded("cache", "hit", "bytesOut", 4321);
    var miss = recorded("cache", "miss", "bytesOut", 4321);

    assertThat(hit.get("route").asString()).isEqualTo("orders");
    assertThat(hit.has("service")).isFalse();
    assertThat(hit.get("attempts").asInt()).isZero();
    assertThat(miss.get("service").asString()).isEqualTo("order-service");
    assertThat(miss.get("upstreamMicros").asLong())
        .isBetween(1L, miss.get("durationMicros").asLong());
  }

  @Test
  void refusalIsRecordedWithTheStatusThatTheClientSees() {
    GATEWAY.get("/orders/refused", "X-Any", "1");

    var record = recorded("route", "orders", "status", 401);

    assertThat(record.has("instance")).isFalse();
    assertThat(record.get("bytesOut").asInt()).isPositive();
  }

  @Test
  void endpointOfTheGatewayIsRecordedByItsTemplate() {
    GATEWAY.delete("/admin/gateway/instances/any-instance/drain", bearer(tokens));

    assertThat(recorded("method", "DELETE", "route", "/admin/gateway/instances/{id}/drain"))
        .isNotNull();
  }

  @Test
  void clientThatLeavesIsRecordedAsCancelled() throws IOException {
    // Other tests write to the topic, too.
    var cancelled = Map.of("outcome", "cancelled", "service", "order-service", "status", "200");
    int before = matching(cancelled).size();
    try (var client = new RawClient(GATEWAY)) {
      client
          .send(
              "GET /orders/1/events HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(tokens.get("access_token").asString()))
          .head();
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> matching(cancelled).size() == before + 1);
  }

  @Test
  void nothingIdentifiesAClientOrAnOrder() {
    String secret = UUID.randomUUID().toString();
    GATEWAY.post("/payments?q=" + secret, "{\"secret\":765432101}", bearer(tokens));
    GATEWAY.get("/products/" + secret + "?q=" + secret, "User-Agent", secret);
    recorded("service", "payment-service", "bytesIn", 20);

    var all = TopicReader.all(Topics.TRAFFIC);

    var account = GATEWAY.bean(AccessTokens.class);
    String id = account.verify(tokens.get("access_token").asString()).id().toString();
    assertThat(all)
        .allSatisfy(record ->
            assertThat(new String(record.value(), UTF_8) + record.headers())
                .doesNotContain(secret, id, "127.0.0.1\"", Gateway.ADMIN));
    assertThat(all)
        .allSatisfy(record -> {
          assertThat(record.key()).isNull();
          assertThat(Envelope.of(record.headers()).type()).isEqualTo(TYPE);
        });
    assertThat(ORDERS.requests()).isNotEmpty();
  }

  /** A record with these two properties. */
  private static JsonNode recorded(String name, Object value, String otherName, Object otherValue) {
    var wanted = Map.of(name, value.toString(), otherName, otherValue.toString());
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> matching(wanted), found -> !found.isEmpty())
        .getFirst();
  }

  private static List<JsonNode> matching(Map<String, String> wanted) {
    return TopicReader.all(Topics.TRAFFIC).stream()
        .map(record -> Json.MAPPER.readTree(record.value()))
        .filter(record ->
            wanted.entrySet().stream()
                .allMatch(
                    entry -> record.path(entry.getKey()).asString("").equals(entry.getValue())))
        .toList();
  }
}
