package shop.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.json;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Topics;
import shop.common.testkit.OpenApiFuzz;
import shop.common.testkit.TopicReader;
import tools.jackson.databind.JsonNode;

/** Settings and drains that admins change while two gateways run. */
@Tag("slow")
class SettingsTest {

  private static final String SERVICE = "notification-service";
  private static final String SETTINGS = "/admin/gateway/services/" + SERVICE;
  private static final String CACHE = "/admin/gateway/cache";
  private static final Backend A = new Backend("a");
  private static final Backend B = new Backend("b");

  private static Gateway here;
  private static Gateway there;
  private static JsonNode admin;
  private static JsonNode afterStart;

  @BeforeAll
  static void startGateways() {
    here = start("shop.drains.forget-after=1s", "shop.drains.cleanup-interval=1s");
    admin = here.login(Gateway.ADMIN);
    put(here, "{\"algorithm\":\"least-connections\"}", "*");
    there = start();
    afterStart = service(there);
    put(here, "{}", "*");
  }

  /** No other test sends requests to this service: all gateways of the brokers share settings. */
  private static Gateway start(String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("NOTIFICATION_SERVICE_URLS=" + A.url() + "," + B.url());
    all.add("ORDER_SERVICE_URLS=" + A.url());
    all.add("BALANCING_ALGORITHM=round-robin");
    all.add("HEALTH_CHECK_INTERVAL=200ms");
    all.add("shop.gateway.services." + SERVICE + ".slow-start=0s");
    return Gateway.start(all.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    A.close();
    B.close();
  }

  @BeforeEach
  void healthy() {
    for (var gateway : List.of(here, there)) {
      await()
          .untilAsserted(() ->
              assertThat(service(gateway).get("instances"))
                  .extracting(instance -> instance.get("state").asString())
                  .containsOnly("healthy"));
    }
  }

  @AfterEach
  void asConfigured() {
    assertThat(put(here, "{}", "*").statusCode()).isEqualTo(200);
    for (var backend : List.of(A, B)) {
      assertThat(here.delete(drain(backend), bearer(admin)).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void settingsAreInForceAtAGatewayThatStartsLater() {
    assertThat(afterStart.get("algorithm").asString()).isEqualTo("least-connections");
  }

  @Test
  void changedSettingsReachEveryGateway() {
    var changed = put(here, "{\"algorithm\":\"ip-hash\",\"panicPercent\":30}", tag());

    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).get("effective").get("algorithm").asString()).isEqualTo("ip-hash");
    assertThat(answers(here)).hasSize(1);
    await().until(() -> service(there).get("algorithm").asString().equals("ip-hash"));
    assertThat(service(there).has("overriddenSince")).isTrue();
    assertThat(there.get(SETTINGS, bearer(admin)).headers().firstValue("ETag"))
        .isEqualTo(changed.headers().firstValue("ETag"));

    assertThat(put(there, "{}", "*").statusCode()).isEqualTo(200);
    await().until(() -> service(here).get("algorithm").asString().equals("round-robin"));
    assertThat(service(here).has("overriddenSince")).isFalse();
    assertThat(answers(here)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aPurgeOfTheCacheReachesEveryGateway() {
    for (var gateway : List.of(here, there)) {
      assertThat(cacheStatus(gateway)).isEqualTo("gateway; fwd=miss");
      assertThat(cacheStatus(gateway)).isEqualTo("gateway; hit");
    }
    assertThat(json(there.get(CACHE, bearer(admin))).get("entries").asInt()).isEqualTo(1);

    assertThat(here.delete(CACHE + "?path=/products/other/**", bearer(admin)).statusCode())
        .isEqualTo(204);
    assertThat(cacheStatus(here)).isEqualTo("gateway; hit");
    assertThat(here.delete(CACHE + "?path=/products/**", bearer(admin)).statusCode())
        .isEqualTo(204);

    assertThat(cacheStatus(here)).isEqualTo("gateway; fwd=miss");
    await().until(() -> json(there.get(CACHE, bearer(admin))).get("entries").asInt() == 0);
    assertThat(cacheStatus(there)).isEqualTo("gateway; fwd=miss");
    assertThat(here.delete(CACHE, bearer(admin)).statusCode()).isEqualTo(204);
    assertThat(cacheStatus(here)).isEqualTo("gateway; fwd=miss");
    assertProblem(
        here.delete(CACHE + "?path=products", bearer(admin)), 422, "/problems/invalid-request");
  }

  private static String cacheStatus(Gateway gateway) {
    return gateway.get("/products/cacheable").headers().firstValue("Cache-Status").orElse("");
  }

  @Test
  void anInstanceOfWeightZeroGetsNoRequests() {
    var changed = put(here, "{\"weights\":{\"%s\":0}}".formatted(id(A)), tag());

    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(answers(here)).containsExactly("b");
  }

  @Test
  void settingsThatWereChangedMeanwhileAreNotReplaced() {
    String read = tag();
    assertThat(put(there, "{\"algorithm\":\"maglev\"}", read).statusCode()).isEqualTo(200);

    assertProblem(
        put(here, "{\"algorithm\":\"random\"}", read), 412, "/problems/precondition-failed");
    assertProblem(
        here.put(SETTINGS, "{\"algorithm\":\"random\"}", bearer(admin)),
        428,
        "/problems/precondition-required");

    assertThat(service(here).get("algorithm").asString()).isEqualTo("maglev");
  }

  @Test
  void ofTwoChangesAtTheSameTimeOneIsMade() throws Exception {
    String read = tag();
    List<Callable<Integer>> changes =
        List.of(
            () -> put(here, "{\"algorithm\":\"maglev\"}", read).statusCode(),
            () -> put(there, "{\"algorithm\":\"random\"}", read).statusCode());

    List<Integer> statuses;
    try (var threads = Executors.newFixedThreadPool(2)) {
      statuses = threads.invokeAll(changes).stream().map(change -> change.resultNow()).toList();
    }

    assertThat(statuses).containsOnlyOnce(200).isSubsetOf(200, 412, 503);
    String made = statuses.getFirst() == 200 ? "maglev" : "random";
    await().until(() -> service(here).get("algorithm").asString().equals(made));
    await().until(() -> service(there).get("algorithm").asString().equals(made));
  }

  @Test
  void aChangeThatIsInForceMayBeRepeated() {
    String read = tag();
    var first = put(here, "{\"algorithm\":\"maglev\"}", read);

    var again = put(here, "{\"algorithm\":\"maglev\"}", read);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
  }

  @Test
  void unchangedSettingsAreNotSentAgain() {
    var response =
        here.get(
            SETTINGS,
            "Authorization",
            "Bearer " + admin.get("access_token").asString(),
            "If-None-Match",
            tag());

    assertThat(response.statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{\"algorithm\":\"fastest\"}, /algorithm",
        "{\"hashKey\":\"header:\"}, /hashKey",
        "{\"panicPercent\":-1}, /panicPercent",
        "{\"weights\":{\"A\":1001}}, /weights/A",
        "{\"weights\":{\"A\":1.5}}, /weights/A",
        "{\"weights\":{\"A\":null}}, /weights/A",
        "`{\"weights\":{\"A\":0,\"B\":0}}`, /weights",
        "{\"weights\":{\"x\":1}}, /weights/x",
        "{\"tries\":1}, /tries",
      })
  void invalidSettingsAre422(String template, String pointer) {
    String body = template.replace("\"A\"", quoted(A)).replace("\"B\"", quoted(B));

    var response = put(here, body, "*");

    assertProblem(response, 422, "/problems/invalid-request");
    assertThat(json(response).get("errors").get(0).get("pointer").asString())
        .isEqualTo(pointer.replace("/A", "/" + id(A)));
  }

  @Test
  void aDrainReachesEveryGatewayUntilItEnds() {
    var drained = here.post(drain(A), "{\"deadline\":\"PT10M\"}", bearer(admin));

    assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
    assertThat(Instant.parse(json(drained).get("drainsUntil").asString()))
        .isAfter(Instant.now().plusSeconds(500));
    assertThat(answers(here)).containsExactly("b");
    await().until(() -> instance(there, A).has("drainsUntil"));
    assertThat(answers(there)).containsExactly("b");

    assertThat(there.delete(drain(A), bearer(admin)).statusCode()).isEqualTo(204);
    await().until(() -> !instance(here, A).has("drainsUntil"));
    await().untilAsserted(() -> assertThat(answers(here)).contains("a"));
  }

  @Test
  void theLastAvailableInstanceIsNotDrained() {
    assertThat(here.post(drain(A), "{\"deadline\":\"PT1H\"}", bearer(admin)).statusCode())
        .isEqualTo(200);

    assertProblem(
        there.post(drain(B), "{\"deadline\":\"PT1H\"}", bearer(admin)),
        409,
        "/problems/last-available");

    assertThat(instance(there, B).has("drainsUntil")).isFalse();
  }

  @Test
  void unknownServicesAndInstancesAre404() {
    String unknown = "/admin/gateway/instances/x/drain";

    assertThat(here.get("/admin/gateway/services/x", bearer(admin)).statusCode()).isEqualTo(404);
    assertProblem(
        here.put("/admin/gateway/services/x", "{}", bearer(admin)), 404, "/problems/not-found");
    assertProblem(
        here.post(unknown, "{\"deadline\":\"PT1H\"}", bearer(admin)), 404, "/problems/not-found");
    assertProblem(here.delete(unknown, bearer(admin)), 404, "/problems/not-found");
  }

  @ParameterizedTest
  @CsvSource({"\"P2D\"", "\"-PT1S\"", "\"10\"", "600", "null"})
  void aDeadlineIsADurationOfADayAtMost(String deadline) {
    assertProblem(
        here.post(drain(A), "{\"deadline\":" + deadline + "}", bearer(admin)),
        422,
        "/problems/invalid-request");
  }

  @Test
  void anUnreadableRecordIsReplacedByWhatIsInForce() {
    assertThat(put(here, "{\"algorithm\":\"maglev\"}", tag()).statusCode()).isEqualTo(200);
    append("service:" + SERVICE, "shop.gateway.service-overridden.v1", Map.of("weights", 1));
    await().until(() -> unreadable() == 1);

    var again = put(here, "{\"algorithm\":\"maglev\"}", tag());

    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(unreadable()).isZero();
  }

  private static double unreadable() {
    return here.bean(MeterRegistry.class).get("gateway.settings.unreadable").gauge().value();
  }

  @Test
  void theDrainOfAnInstanceThatIsGoneForLongEnds() {
    String key = "drain:gone@10.0.0.1:8080";

    append(key, "shop.gateway.instance-drained.v1", Map.of("deadline", "2026-11-21T09:40:00Z"));

    await()
        .untilAsserted(() ->
            assertThat(TopicReader.all(Topics.GATEWAY_SETTINGS))
                .filteredOn(record -> new String(record.key(), UTF_8).equals(key))
                .last()
                .satisfies(record -> assertThat(record.value()).isNull()));
  }

  @SuppressWarnings("unchecked")
  private static void append(String key, String type, Object data) {
    var event = Envelope.of(type, "test", key, Instant.now());
    Acknowledged.append(
        here.bean(KafkaTemplate.class), event.record(Topics.GATEWAY_SETTINGS.name(), data));
  }

  @Test
  void everyOperationRespondsToAdminsAsItsDocumentSays() throws IOException {
    OpenApiFuzz.run(
        here.port(),
        admin.get("access_token").asString(),
        3,
        40,
        Set.of(
            "auth.register",
            "auth.login",
            "auth.refresh",
            "auth.logout",
            "sessions.list",
            "sessions.end",
            "sessions.endAll"));
  }

  private static String tag() {
    return here.get(SETTINGS, bearer(admin)).headers().firstValue("ETag").orElseThrow();
  }

  private static HttpResponse<String> put(Gateway gateway, String body, String ifMatch) {
    return gateway.put(
        SETTINGS,
        body,
        "Authorization",
        "Bearer " + admin.get("access_token").asString(),
        "If-Match",
        ifMatch);
  }

  /** Who answers eight requests of one client. */
  private static Set<String> answers(Gateway gateway) {
    var names = new HashSet<String>();
    for (int number = 0; number < 8; number++) {
      names.add(gateway.get("/notifications/x", bearer(admin)).body());
    }
    return names;
  }

  private static String id(Backend backend) {
    return SERVICE + "@" + backend.url().substring("http://".length());
  }

  private static String quoted(Backend backend) {
    return "\"" + id(backend) + "\"";
  }

  private static String drain(Backend backend) {
    return "/admin/gateway/instances/" + id(backend) + "/drain";
  }

  private static JsonNode service(Gateway gateway) {
    var services = json(gateway.get("/admin/gateway/status", bearer(admin))).get("services");
    return find(services, "name", SERVICE);
  }

  private static JsonNode instance(Gateway gateway, Backend backend) {
    return find(service(gateway).get("instances"), "id", id(backend));
  }

  private static JsonNode find(JsonNode nodes, String name, String value) {
    for (var node : nodes) {
      if (node.get(name).asString().equals(value)) {
        return node;
      }
    }
    throw new AssertionError("None of " + nodes + " has the " + name + " " + value);
  }
}
