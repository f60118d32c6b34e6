package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import tools.jackson.databind.JsonNode;

class LockedFieldsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"orderId":"a"}              | {"orderId":"b"}               | /orderId
          {"orderId":"a"}              | {}                            | /orderId
          {}                           | {"orderId":"a"}               | /orderId
          {"amount":1}                 | {"amount":1.0}                | /amount
          {"amount":1}                 | {"amount":"1"}                | /amount
          {"a":[{"quantity":1}]}       | {"a":[{"quantity":2}]}        | /a/0/quantity
          {"total":{"x":1}}            | {"total":{"x":2}}             | /total/x
          {"total":{}}                 | {"total":[]}                  | /total
          {"id":null}                  | {}                            | /id
          {"placedAt":"2026-01-01"}    | {"placedAt":"2026-02-01"}     | /placedAt
          {"x/y~z":{"currency":"EUR"}} | {"x/y~z":{"currency":"USD"}}  | /x~1y~0z/currency
          """)
  void aChangedLockedFieldIsNamed(String original, String edited, String pointer) {
    assertThat(changed(original, edited)).containsExactly(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"city\":\"B\"}", "{\"city\":[1],\"note\":{\"a\":null}}"})
  void otherFieldsMayBeChangedAddedAndRemoved(String edited) {
    assertThat(changed("{\"city\":\"A\"}", edited)).isEmpty();
  }

  @Test
  void anOrdersIdentityAndMoneyAreLockedAndItsAddressIsNot() {
    var order = Contracts.sample("shop.order.place.v1").get("data").toString();

    assertThat(changed(order, order.replace("Berlin", "Bonn").replace("pm_card_visa", "pm_x")))
        .isEmpty();
    assertThat(
            Stream.of(
                    "2f1c1c56",
                    "5b8a3c1e",
                    "9f86d081",
                    "MUG-WHITE",
                    "\"quantity\":2",
                    "1290",
                    "2580",
                    "EUR")
                .filter(part -> changed(order, order.replace(part, part + "9")).isEmpty()))
        .isEmpty();
  }

  /** The pieces of an order whose command is retried were reserved when it was accepted. */
  @Test
  void anOrdersPiecesCanBeNeitherAddedNorRemoved() {
    var order = Contracts.sample("shop.order.place.v1").get("data").toString();
    var more = order.replace("\"items\":[", "\"items\":[{\"sku\":\"POT\",\"quantity\":1},");
    var fewer = order.replaceFirst("\"items\":\\[.*?]", "\"items\":[]");

    assertThat(changed(order, more)).contains("/items/0/sku", "/items/0/quantity");
    assertThat(changed(order, fewer)).contains("/items/0/sku", "/items/0/quantity");
    assertThat(changed("{\"items\":1}", order)).contains("/items/0/sku", "/items/0/quantity");
  }

  private static List<String> changed(String original, String edited) {
    return LockedFields.changed(node(original), node(edited));
  }

  private static JsonNode node(String json) {
    return Json.MAPPER.readTree(json);
  }
}
