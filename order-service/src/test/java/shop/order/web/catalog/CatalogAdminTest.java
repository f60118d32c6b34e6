package shop.order.web.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.order.TestOrders;
import shop.order.catalog.Product;

class CatalogAdminTest extends CatalogTest {

  @Autowired KafkaTemplate<byte[], byte[]> kafka;

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
  void headAndOptionsNeedNoTokenWhereGetNeedsNone() {
    put(sku, PLATE);
    var anybody = new TestOrders(port).withoutToken();

    for (String path : new String[] {"/products", "/products/" + sku}) {
      assertThat(anybody.head(path).statusCode()).as(path).isEqualTo(200);
      var options = anybody.options(path);
      assertThat(options.statusCode()).as(path).isEqualTo(200);
      assertThat(header(options, "Allow")).contains("GET", "HEAD", "OPTIONS");
    }
    assertThat(anybody.options("/orders").statusCode()).isEqualTo(401);
  }

  @Test
  void aChangeNamesTheVersionThatItReplaces() {
    String seen = header(put(sku, PLATE), "ETag");

    var changed = put(sku, plate("Deep plate", 1000), "If-Match", seen);

    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(header(changed, "ETag")).isEqualTo("\"2.0\"");
    assertThat(get().get("name").asString()).isEqualTo("Deep plate");
    assertThat(get().get("version").asLong()).isEqualTo(2);
  }

  @Test
  void aChangeWithoutIfMatchIsRefused() {
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
  void anyMatchingTagIsAcceptedRegardlessOfTheStock(String ifMatch) {
    put(sku, PLATE);

    assertThat(put(sku, plate("Other", 1), "If-Match", ifMatch).statusCode()).isEqualTo(200);
  }

  @Test
  void anUnquotedTagIsMalformed() {
    put(sku, PLATE);

    assertProblem(put(sku, PLATE, "If-Match", "1.0"), 400, "malformed-request");
  }

  @Test
  void ifNoneMatchNeverReplacesAProduct() {
    assertThat(put(sku, PLATE, "If-None-Match", "*").statusCode()).isEqualTo(201);

    assertProblem(put(sku, PLATE, "If-None-Match", "*"), 412, "precondition-failed");
  }

  @Test
  void aMissingProductCannotBeReplaced() {
    assertProblem(put(sku, PLATE, "If-Match", "*"), 412, "precondition-failed");
  }

  @Test
  void aChangeWhoseResponseWasLostMayBeRepeated() {
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
  void theFirstUpsertOfAVersionInTheLogIsApplied() {
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
  void upsertsWithoutVersionAreAlwaysApplied() {
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

  static Stream<Arguments> invalid() {
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
        Arguments.of(PLATE.replace("EUR", "XTS"), "/prices/0/currency"),
        Arguments.of(PLATE.replace("900", "100000000"), "/prices/0/amount"),
        Arguments.of(PLATE.replace("900", "1000000").replace("EUR", "ISK"), "/prices/0/amount"),
        Arguments.of(PLATE.replace("900", "1234").replace("EUR", "KWD"), "/prices/0/amount"),
        Arguments.of(
            PLATE.replace("\"currency\":\"EUR\"", "\"currency\":null"), "/prices/0/currency"),
        Arguments.of(
            PLATE.replace("]", ",{\"amount\":1,\"currency\":\"EUR\"}]"), "/prices/1/currency"),
        Arguments.of(PLATE.replaceAll("\\[.*\\]", "[]"), "/prices"),
        Arguments.of(PLATE.replaceAll("\\[.*\\]", "[null]"), "/prices/0"),
        Arguments.of(PLATE.replace("{\"name\"", "{\"sku\":\"X\",\"name\""), "/sku"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidValuesAreNamedByAPointer(String body, String pointer) {
    var answer = put(sku, body);

    assertProblem(answer, 422, "invalid-request");
    assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
  }

  @Test
  void aTotalThatThePaymentProviderCannotChargeIsRefused() {
    put(sku, PLATE.replace("900", "50000000"));
    stock(key(), 3);
    String key = key();

    var tooMuch = new TestOrders(port).place(key, TestOrders.body(sku, 2));

    assertProblem(tooMuch, 422, "invalid-request");
    assertThat(json(tooMuch).get("errors").get(0).get("pointer").asString()).isEqualTo("/items");
    assertThat(get().get("left").asLong()).isEqualTo(3);
    assertThat(new TestOrders(port).place(key, TestOrders.body(sku, 1)).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aCurrencyThatThePaymentProviderDoesNotChargeIsRefused() {
    // The catalog may have such a price since before prices were checked.
    append(new Product(sku, "Plate", "", "Kitchen", List.of(new Money(900, "XTS")), 1));
    await().untilAsserted(() -> assertThat(get().path("version").asLong()).isEqualTo(1));

    var refused = new TestOrders(port).place(key(), TestOrders.body(sku, 1).replace("EUR", "XTS"));

    assertProblem(refused, 422, "invalid-request");
    assertThat(json(refused).get("errors").get(0).get("pointer").asString()).isEqualTo("/currency");
  }

  @Test
  void aSkuConsistsOfUpperCaseLettersDigitsAndDashes() {
    assertProblem(put("plate", PLATE), 422, "invalid-request");
    assertProblem(put("X".repeat(65), PLATE), 422, "invalid-request");
  }

  @Test
  void customersCannotChangeProducts() {
    var customer = new TestOrders(port);

    assertThat(customer.put("/products/" + sku, PLATE).statusCode()).isEqualTo(403);
    assertThat(customer.post("/products/MUG-WHITE/stock", "{}").statusCode()).isEqualTo(403);
  }

  private void append(Object product) {
    var envelope = Envelope.of(Product.UPSERTED, "order-service", sku, Instant.now());
    kafka.send(envelope.record(Topics.CATALOG.name(), product)).join();
  }
}
