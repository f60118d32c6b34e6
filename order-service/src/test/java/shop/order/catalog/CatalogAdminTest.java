package shop.order.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;
import tools.jackson.databind.JsonNode;

@OrderServiceTest
class CatalogAdminTest {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String PLATE = plate("Plate", 900);

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  final String sku = "PLATE-" + NUMBER.incrementAndGet();

  @Test
  void aNewProductIsCreatedAndCanBeOrdered() {
    var created = put(sku, PLATE);
    stock(key(), 3);

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(header(created, "Location")).isEqualTo("/products/" + sku);
    assertThat(header(created, "ETag")).isEqualTo("\"1.0\"");
    var order = new TestOrders(port).place(key(), TestOrders.body(sku, 2));
    assertThat(json(order).get("total").toString())
        .isEqualTo("{\"amount\":1800,\"currency\":\"EUR\"}");
  }

  @Test
  void aChangeNamesWhatItReplaces() {
    String seen = header(put(sku, PLATE), "ETag");

    var changed = put(sku, plate("Deep plate", 1000), "If-Match", seen);

    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(header(changed, "ETag")).isEqualTo("\"2.0\"");
    assertThat(get().get("name").asString()).isEqualTo("Deep plate");
    assertThat(get().get("version").asLong()).isEqualTo(2);
  }

  @Test
  void aChangeThatNamesNothingIsRefused() {
    put(sku, PLATE);

    assertProblem(put(sku, plate("Other", 1)), 428, "precondition-required");
    assertThat(get().get("name").asString()).isEqualTo("Plate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2.0\"", "\"0.0\"", "W/\"1.0\"", "\"other\"", "\"11.0\""})
  void aChangeOfAnotherVersionIsRefused(String ifMatch) {
    put(sku, PLATE);

    assertProblem(put(sku, plate("Other", 1), "If-Match", ifMatch), 412, "precondition-failed");
    assertThat(get().get("version").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"1.7\"", "\"1\"", "\"9.9\", \"1.0\""})
  void anyOneOfSeveralTagsWillDoWhateverWasSoldSince(String ifMatch) {
    put(sku, PLATE);

    assertThat(put(sku, plate("Other", 1), "If-Match", ifMatch).statusCode()).isEqualTo(200);
  }

  @Test
  void aTagThatIsNoneIsMalformed() {
    put(sku, PLATE);

    assertProblem(put(sku, PLATE, "If-Match", "1.0"), 400, "malformed-request");
  }

  @Test
  void whatMustNotBeThereIsNotReplaced() {
    assertThat(put(sku, PLATE, "If-None-Match", "*").statusCode()).isEqualTo(201);

    assertProblem(put(sku, PLATE, "If-None-Match", "*"), 412, "precondition-failed");
  }

  @Test
  void whatIsNotThereCannotBeReplaced() {
    assertProblem(put(sku, PLATE, "If-Match", "*"), 412, "precondition-failed");
  }

  @Test
  void aChangeWhoseAnswerWasLostMayBeRepeated() {
    put(sku, PLATE);
    String body = plate("Other", 1);
    put(sku, body, "If-Match", "\"1.0\"");

    var again = put(sku, body, "If-Match", "\"1.0\"");

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "ETag")).isEqualTo("\"2.0\"");
  }

  @Test
  void ofConcurrentChangesOfOneVersionOneWins() {
    put(sku, PLATE);

    var answers =
        atOnce(20, number -> put(sku, plate("Plate " + number, 1 + number), "If-Match", "\"1.0\""));

    assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.statusCode() == 412)).hasSize(19);
    var winner = answers.stream().filter(answer -> answer.statusCode() == 200).findFirst();
    assertThat(get().get("name")).isEqualTo(json(winner.orElseThrow()).get("name"));
    assertThat(get().get("version").asLong()).isEqualTo(2);
  }

  @Test
  void anUpsertThatAnotherInstanceAppendedFirstCounts() {
    put(sku, PLATE);
    var elsewhere = new Product(sku, "Elsewhere", "", "Kitchen", List.of(new Money(5, "EUR")), 2);
    append(elsewhere);
    append(new Product(sku, "Too late", "", "Kitchen", List.of(new Money(6, "EUR")), 2));
    var next = new Product(sku, "Next", "", "Kitchen", List.of(new Money(7, "EUR")), 3);
    append(next);

    await().untilAsserted(() -> assertThat(get().get("name").asString()).isEqualTo("Next"));
    assertThat(get().get("version").asLong()).isEqualTo(3);
    assertThat(get().get("prices").get(0).get("amount").asLong()).isEqualTo(7);
  }

  @Test
  void upsertsFromBeforeThereWereVersionsAlwaysCount() {
    put(sku, PLATE);
    append(
        Map.of(
            "sku",
            sku,
            "name",
            "Old",
            "description",
            "",
            "category",
            "Kitchen",
            "prices",
            List.of(new Money(5, "EUR"))));

    await().untilAsserted(() -> assertThat(get().get("name").asString()).isEqualTo("Old"));
    assertThat(get().get("version").asLong()).isEqualTo(2);
  }

  static Stream<Arguments> unacceptable() {
    return Stream.of(
        Arguments.of(PLATE.replace("\"Plate\"", "\" \""), "/name"),
        Arguments.of(PLATE.replace("Plate", "x".repeat(201)), "/name"),
        Arguments.of(PLATE.replace("\"name\":\"Plate\",", ""), "/name"),
        Arguments.of(PLATE.replace("Flat", "x".repeat(2001)), "/description"),
        Arguments.of(PLATE.replace("Kitchen", "x".repeat(101)), "/category"),
        Arguments.of(PLATE.replace("900", "0"), "/prices/0/amount"),
        Arguments.of(PLATE.replace("900", "1.5"), "/prices/0/amount"),
        Arguments.of(PLATE.replace("900", "99999999999999999999"), "/prices/0/amount"),
        Arguments.of(PLATE.replace("EUR", "XQQ"), "/prices/0/currency"),
        Arguments.of(
            PLATE.replace("\"currency\":\"EUR\"", "\"currency\":null"), "/prices/0/currency"),
        Arguments.of(
            PLATE.replace("]", ",{\"amount\":1,\"currency\":\"EUR\"}]"), "/prices/1/currency"),
        Arguments.of(PLATE.replaceAll("\\[.*\\]", "[]"), "/prices"),
        Arguments.of(PLATE.replaceAll("\\[.*\\]", "[null]"), "/prices/0"),
        Arguments.of(PLATE.replace("{\"name\"", "{\"sku\":\"X\",\"name\""), "/sku"));
  }

  @ParameterizedTest
  @MethodSource("unacceptable")
  void whatIsNotAcceptableIsPointedAt(String body, String pointer) {
    var answer = put(sku, body);

    assertProblem(answer, 422, "invalid-request");
    assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
  }

  @Test
  void aSkuIsOfUpperCaseLettersDigitsAndDashes() {
    assertProblem(put("plate", PLATE), 422, "invalid-request");
    assertProblem(put("X".repeat(65), PLATE), 422, "invalid-request");
  }

  @Test
  void customersChangeNothing() {
    var customer = new TestOrders(port);

    assertThat(customer.put("/products/" + sku, PLATE).statusCode()).isEqualTo(403);
    assertThat(customer.post("/products/MUG-WHITE/stock", "{}").statusCode()).isEqualTo(403);
  }

  @Test
  void stockIsAdjustedOnceForAKey() {
    put(sku, PLATE);
    String key = key();

    var first = stock(key, 12);
    var again = stock(key, 12);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(json(first).get("left").asLong()).isEqualTo(12);
    assertThat(json(first).get("delta").asLong()).isEqualTo(12);
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    assertThat(get().get("left").asLong()).isEqualTo(12);
    assertThat(header(show(), "ETag")).isEqualTo("\"1.12\"");
  }

  @Test
  void aKeyIsForOneChange() {
    put(sku, PLATE);
    String key = key();
    stock(key, 12);

    assertProblem(stock(key, 13), 422, "idempotency-key-reused");
    assertThat(get().get("left").asLong()).isEqualTo(12);
  }

  @Test
  void concurrentRequestsWithOneKeyAdjustOnce() {
    put(sku, PLATE);
    stock(key(), 30);
    String key = key();

    var answers = atOnce(12, _ -> stock(key, -20));

    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).isEqualTo(201);
          assertThat(json(answer).get("delta").asLong()).isEqualTo(-20);
        });
    await().untilAsserted(() -> assertThat(get().get("left").asLong()).isEqualTo(10));
  }

  @Test
  void ofTwoChangesUnderOneKeyNeitherTakesWhatTheOtherSetAside() {
    put(sku, PLATE);
    stock(key(), 5);
    String key = key();

    var answers = atOnce(12, i -> stock(key, i % 2 == 0 ? -5 : -500));

    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).statusCode()).isIn(i % 2 == 0 ? List.of(201) : List.of(409, 422));
    }
    await().untilAsserted(() -> assertThat(get().get("left").asLong()).isZero());
  }

  @Test
  void moreThanThereIsCannotBeTakenOut() {
    put(sku, PLATE);
    stock(key(), 5);
    String key = key();

    var answer = stock(key, -6);

    assertProblem(answer, 409, "out-of-stock");
    assertThat(json(answer).get("left").asLong()).isEqualTo(5);
    assertThat(get().get("left").asLong()).isEqualTo(5);
    assertThat(stock(key, -5).statusCode()).isEqualTo(201);
    assertThat(get().get("left").asLong()).isZero();
  }

  @Test
  void ofConcurrentAdjustmentsAndOrdersNoneTakesWhatIsGone() {
    put(sku, PLATE);
    stock(key(), 10);
    var customer = new TestOrders(port);

    var answers =
        atOnce(
            24,
            number ->
                number % 2 == 0
                    ? stock(key(), -1)
                    : customer.place(key(), TestOrders.body(sku, 1)));

    assertThat(answers.stream().filter(answer -> answer.statusCode() == 201)).hasSize(10);
    assertThat(answers.stream().filter(answer -> answer.statusCode() == 409)).hasSize(14);
    stock(key(), 100);
    assertThat(get().get("left").asLong()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"delta\":0,\"reason\":\"count\"}",
        "{\"delta\":1000000001,\"reason\":\"count\"}",
        "{\"reason\":\"count\"}",
        "{\"delta\":\"5\",\"reason\":\"count\"}"
      })
  void aDeltaIsANumberThatChangesSomething(String body) {
    var answer = adjust("MUG-WHITE", key(), body);

    assertProblem(answer, 422, "invalid-request");
    assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isEqualTo("/delta");
  }

  @Test
  void anAdjustmentNeedsAReasonAKeyAndAProduct() {
    assertProblem(adjust("MUG-WHITE", key(), "{\"delta\":1}"), 422, "invalid-request");
    assertProblem(
        adjust("MUG-WHITE", "short", "{\"delta\":1,\"reason\":\"x\"}"),
        400,
        "idempotency-key-malformed");
    assertProblem(stock(key(), 1), 404, "not-found");
  }

  @Test
  void cachesSeeThatTheStockMoved() {
    put(sku, PLATE);
    String before = header(show(), "ETag");
    var admin = TestOrders.admin(port);
    assertThat(admin.get("/products/" + sku, "If-None-Match", before).statusCode()).isEqualTo(304);

    stock(key(), 1);

    var after = admin.get("/products/" + sku, "If-None-Match", before);
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(header(after, "Cache-Control")).contains("public");
  }

  private static String plate(String name, int cents) {
    return """
    {"name":"%s","description":"Flat","category":"Kitchen","prices":[{"amount":%d,"currency":"EUR"}]}\
    """
        .formatted(name, cents);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private HttpResponse<String> put(String sku, String body, String... headers) {
    return TestOrders.admin(port).put("/products/" + sku, body, headers);
  }

  private HttpResponse<String> stock(String key, long delta) {
    return adjust(sku, key, "{\"delta\":%d,\"reason\":\"count\"}".formatted(delta));
  }

  private HttpResponse<String> adjust(String sku, String key, String body) {
    return TestOrders.admin(port).post("/products/" + sku + "/stock", body, "Idempotency-Key", key);
  }

  private HttpResponse<String> show() {
    return new TestOrders(port).get("/products/" + sku);
  }

  private JsonNode get() {
    return json(show());
  }

  private void append(Object product) {
    var envelope = Envelope.of(Product.UPSERTED, "order-service", sku, Instant.now());
    kafka.send(envelope.record(Topics.CATALOG.name(), product)).join();
  }

  private static List<HttpResponse<String>> atOnce(
      int times, IntFunction<HttpResponse<String>> call) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, times)
              .mapToObj(number -> CompletableFuture.supplyAsync(() -> call.apply(number), threads))
              .toList();
      return calls.stream().map(CompletableFuture::join).toList();
    }
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).get("type").asString()).isEqualTo("/problems/" + type);
  }
}
