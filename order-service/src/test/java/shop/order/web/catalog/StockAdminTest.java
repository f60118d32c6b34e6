package shop.order.web.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.order.TestOrders;

class StockAdminTest extends CatalogTest {

  @Test
  void aKeyAdjustsTheStockOnce() {
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
  void conditionalReadsKnowWeakTagsListsAndAnyTag() {
    put(sku, PLATE);
    var admin = TestOrders.admin(port);
    for (String path : List.of("/products/" + sku, "/products")) {
      String tag = header(admin.get(path), "ETag");
      for (String tags : List.of("*", tag, "W/" + tag, "\"x\", " + tag)) {
        assertThat(admin.get(path, "If-None-Match", tags).statusCode()).as(tags).isEqualTo(304);
      }
      assertThat(admin.get(path, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    }
    assertThat(header(admin.get("/products"), "ETag")).hasSize(45);
  }

  @Test
  void aKeyIdentifiesOneAdjustment() {
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
  void differentAdjustmentsWithOneKeyDoNotUseEachOthersReservation() {
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
  void noMoreThanTheStockCanBeRemoved() {
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
  void concurrentAdjustmentsAndOrdersNeverOversell() {
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
  void aDeltaIsANumberOtherThanZero(String body) {
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
  void theETagChangesWithTheStock() {
    put(sku, PLATE);
    String before = header(show(), "ETag");
    var admin = TestOrders.admin(port);
    assertThat(admin.get("/products/" + sku, "If-None-Match", before).statusCode()).isEqualTo(304);

    stock(key(), 1);

    var after = admin.get("/products/" + sku, "If-None-Match", before);
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(header(after, "Cache-Control")).contains("public");
  }
}
