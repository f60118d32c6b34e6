package shop.analytics.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.analytics.OrderEvents;
import shop.analytics.OrdersTopic;
import shop.analytics.ServiceTest;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.testkit.OpenApiFuzz;
import shop.common.testkit.TestTokens;
import shop.common.testkit.TopicReader;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class AnalyticsTest extends ServiceTest {

  @BeforeEach
  void ready() {
    await().until(() -> get("/readyz", null).statusCode() == 200);
  }

  @Test
  void theServingPortHasNoActuator() throws Exception {
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health/readiness")) {
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void everyOperationRespondsAsItsDocumentSays() throws Exception {
    OpenApiFuzz.run(port, admin(), 1, 60, Set.of());
  }

  @Test
  void ordersReturnsTheFiguresOfEachMinute() throws Exception {
    Instant at = Instant.parse("2025-03-01T10:00:30Z");
    try (var topic = new OrdersTopic()) {
      placed(topic, "m1", at);
      confirmed(topic, "m1", at, at.plusMillis(800), new Money(1999, "EUR"));
      placed(topic, "m2", at.plusSeconds(60));
      failed(topic, "m2", at.plusSeconds(61), "insufficient_funds");
      placed(topic, "m3", at.plusSeconds(300));
      topic.flush();
    }

    String path =
        "/analytics/orders?bucket=minute&from=2025-03-01T10:00:00Z&to=2025-03-01T11:00:00Z";
    await()
        .until(() -> {
          var page = asAdmin(path);
          return page.at("/items").size() == 3
              && page.at("/items/0/confirmed").asLong() == 1
              && page.at("/items/1/failed").asLong() == 1;
        });

    var items = asAdmin(path).at("/items");
    assertThat(items.get(0).toString())
        .startsWith(
            "{\"bucket\":\"minute\",\"start\":\"2025-03-01T10:00:00Z\",\"placed\":1,\"confirmed\":1,\"failed\":0,\"cancelled\":0,\"refunded\":0,"
                + "\"revenue\":[{\"amount\":1999,\"currency\":\"EUR\"}],\"refunds\":[],\"failures\":{},\"timeToConfirmed\":{\"p50Ms\":");
    assertThat(items.get(0).at("/timeToConfirmed/p99Ms").asLong()).isBetween(764L, 836L);
    assertThat(items.get(1).toString())
        .isEqualTo(
            "{\"bucket\":\"minute\",\"start\":\"2025-03-01T10:01:00Z\",\"placed\":1,\"confirmed\":0,\"failed\":1,\"cancelled\":0,\"refunded\":0,"
                + "\"revenue\":[],\"refunds\":[],\"failures\":{\"insufficient_funds\":1}}");
    assertThat(items.get(2).at("/start").asString()).isEqualTo("2025-03-01T10:05:00Z");
  }

  @Test
  void aPageThatBeginsBeforeTheMinutesThatAreKeptIsNotFound() throws Exception {
    String range = "&from=1900-01-01T00:00:00Z&to=1900-01-01T01:00:00Z";

    var minutes = get("/analytics/orders?bucket=minute" + range, admin());

    assertThat(minutes.statusCode()).isEqualTo(404);
    assertThat(minutes.body()).contains("Figures by minute are kept from ");
    assertThat(asAdmin("/analytics/orders?bucket=hour" + range).at("/items")).isEmpty();
    assertThat(statusAsAdmin("/analytics/orders?bucket=day" + range)).isEqualTo(200);
  }

  @Test
  void cancellationsAndRefundsAreReturnedWithTheRefundedAmounts() throws Exception {
    Instant at = Instant.parse("2025-03-04T10:00:30Z");
    long lettersBefore = TopicReader.all(Topics.DEAD_LETTERS).size();
    try (var topic = new OrdersTopic()) {
      var euros = new Money(1999, "EUR");
      var yen = new Money(500, "JPY");
      confirmed(topic, "r1", at, at, euros);
      topic.append(OrdersTopic.refunded("r1", at, 3, 999, 999, euros));
      topic.append(OrdersTopic.commandAnswer("r1", at));
      topic.append(OrdersTopic.refunded("r1", at, 4, 1000, 1999, euros));
      topic.append(OrdersTopic.refunded("r2", at, 3, 100, 100, yen));
      topic.append(OrdersTopic.event(OrderEvents.CANCELLED, "r3", at, 3, Map.of("total", euros)));
      topic.flush();
    }

    String path = "/analytics/orders?bucket=day&from=2025-03-04T00:00:00Z&to=2025-03-05T00:00:00Z";
    await().until(() -> asAdmin(path).at("/items/0/cancelled").asLong() == 1);
    await()
        .untilAsserted(() ->
            assertThat(asAdmin(path).at("/items/0/refunds").toString())
                .isEqualTo(
                    "[{\"amount\":1999,\"currency\":\"EUR\"},{\"amount\":100,\"currency\":\"JPY\"}]"));
    assertThat(asAdmin(path).at("/items/0/refunded").asLong()).isEqualTo(1);
    assertThat(TopicReader.all(Topics.DEAD_LETTERS)).hasSize((int) lettersBefore);
  }

  @Test
  void pagesHaveNoGapsOrDuplicates() throws Exception {
    try (var topic = new OrdersTopic()) {
      for (int hour = 0; hour < 5; hour++) {
        placed(topic, "p" + hour, Instant.parse("2025-03-02T0" + hour + ":30:00Z"));
      }
      topic.flush();
    }
    String path = "/analytics/orders?bucket=hour&from=2025-03-02T00:59:59Z&to=2025-03-02T04:00:00Z";
    await().until(() -> asAdmin(path).at("/items").size() == 4);

    JsonNode first = asAdmin(path + "&limit=3");
    JsonNode second = asAdmin(path + "&limit=3&cursor=" + first.at("/nextCursor").asString());

    assertThat(first.at("/items").valueStream().map(item -> item.at("/start").asString()))
        .containsExactly("2025-03-02T00:00:00Z", "2025-03-02T01:00:00Z", "2025-03-02T02:00:00Z");
    assertThat(second.at("/items").valueStream().map(item -> item.at("/start").asString()))
        .containsExactly("2025-03-02T03:00:00Z");
    assertThat(second.has("nextCursor")).isFalse();
  }

  @Test
  void summaryCountsTheLastMinutesAndToday() throws Exception {
    long before = asAdmin("/analytics/summary").at("/today/placed").asLong();
    try (var topic = new OrdersTopic()) {
      placed(topic, "now-" + UUID.randomUUID(), Instant.now());
      topic.flush();
    }

    await()
        .untilAsserted(() -> {
          var summary = asAdmin("/analytics/summary");
          assertThat(summary.at("/last15Minutes/placed").asLong()).isPositive();
          assertThat(summary.at("/lastHour/placed").asLong()).isPositive();
          assertThat(summary.at("/today/placed").asLong()).isGreaterThan(before);
        });
  }

  @Test
  void aPoisonRecordIsADeadLetterAndTheNextOrderCounts() throws Exception {
    byte[] poison = ("poison " + UUID.randomUUID()).getBytes(UTF_8);
    try (var topic = new OrdersTopic()) {
      topic.append(new ProducerRecord<>("orders", 4, null, null, poison));
      topic.append(
          new ProducerRecord<>(
              "orders",
              4,
              "after".getBytes(UTF_8),
              placed("after", Instant.parse("2025-03-03T00:00:00Z")).value(),
              placed("after", Instant.parse("2025-03-03T00:00:00Z")).headers()));
      topic.flush();
    }

    await()
        .until(() ->
            asAdmin(
                        "/analytics/orders?bucket=day&from=2025-03-03T00:00:00Z&to=2025-03-04T00:00:00Z")
                    .at("/items/0/placed")
                    .asLong()
                == 1);
    assertThat(TopicReader.all(Topics.DEAD_LETTERS))
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .filteredOn(letter -> new String(letter.value(), UTF_8).equals(new String(poison, UTF_8)))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.group()).isEqualTo("analytics-service");
          assertThat(letter.topic()).isEqualTo("orders");
          assertThat(letter.partition()).isEqualTo(4);
        });
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /analytics/orders?bucket=week, 400
          /analytics/orders?from=yesterday, 400
          /analytics/orders?limit=0, 400
          /analytics/orders?limit=1441, 400
          /analytics/orders?limit=x, 400
          /analytics/orders?cursor=x, 400
          /analytics/orders?from=2025-03-02T00:00:00Z&to=2025-03-01T00:00:00Z, 422
          /analytics/orders?to=-1000000000-01-01T00:00:00Z, 400
          /analytics/orders?from=%2B1000000000-12-31T23:59:59Z, 400
          /analytics/orders?cursor=KzEwMDAwMDAwMDAtMTItMzFUMjM6NTk6NTla, 400
          /analytics/orders?bucket=day&from=-1000000000-01-01T00:00:00Z, 400
          /analytics/nothing, 404
          """)
  void invalidParametersAreProblems(String path, int status) throws Exception {
    var response = get(path, admin());

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @Test
  void onlyAdminsSeeFigures() throws Exception {
    for (String path : new String[] {"/analytics/orders", "/analytics/summary"}) {
      assertThat(get(path, null).statusCode()).isEqualTo(401);
      assertThat(get(path, TestTokens.customer(new UUID(0, 2))).statusCode()).isEqualTo(403);
      assertThat(statusAsAdmin(path)).isEqualTo(200);
    }
  }

  private static void placed(OrdersTopic topic, String order, Instant at) {
    topic.append(placed(order, at));
  }

  private static ProducerRecord<byte[], byte[]> placed(String order, Instant at) {
    return OrdersTopic.event(
        OrderEvents.PLACED, order, at, 1, Map.of("total", new Money(1999, "EUR")));
  }

  private static void confirmed(
      OrdersTopic topic, String order, Instant placed, Instant at, Money total) {
    topic.append(
        OrdersTopic.event(
            OrderEvents.CONFIRMED, order, at, 2, Map.of("total", total, "placedAt", placed)));
  }

  private static void failed(OrdersTopic topic, String order, Instant at, String reason) {
    topic.append(
        OrdersTopic.event(OrderEvents.PAYMENT_FAILED, order, at, 2, Map.of("reason", reason)));
  }
}
