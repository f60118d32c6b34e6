package shop.order.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static shop.order.TestOrders.json;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import shop.common.json.Json;
import shop.common.testkit.OpenApiFuzz;
import shop.common.testkit.RawHttp;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Invalid requests get a problem that names the error, and nothing is stored. */
@OrderServiceTest
class BadInputTest {

  private static final int REQUESTS = 60;

  @LocalServerPort int port;
  TestOrders customer;

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
  }

  @Test
  void theServingPortHasNoActuator() {
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health/readiness")) {
      assertThat(customer.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aBodyOfTenMegabytesIsTooLarge() {
    String body = TestOrders.body("MUG-WHITE", 1).replace("Berlin", "B".repeat(10 << 20));

    assertThat(place(body.getBytes(UTF_8), "application/json")).isEqualTo(413);
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    byte[] body = TestOrders.body("MUG-WHITE", 1).replace("Berlin", "B?rlin").getBytes(UTF_8);
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '?') {
        body[i] = (byte) 0xff;
      }
    }

    assertThat(place(body, "application/json")).isEqualTo(400);
  }

  @Test
  void overlongUtf8IsMalformed() {
    byte[] body = TestOrders.body("MUG-WHITE", 1).replace("Ada", "??").getBytes(UTF_8);
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '?') {
        body[i] = (byte) (body[i + 1] == '?' ? 0xc0 : 0xaf);
      }
    }

    assertThat(place(body, "application/json")).isEqualTo(400);
  }

  @Test
  void anIdempotencyKeyThatIsRepeatedIsRefusedAndNothingIsStored() throws IOException {
    byte[] body = TestOrders.body("MUG-WHITE", 1).getBytes(UTF_8);
    String key = "Idempotency-Key: " + UUID.randomUUID() + "\n";
    String head =
        "POST /orders HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
            + customer.token()
            + "\nContent-Type: application/json\nContent-Length: "
            + body.length
            + "\n";

    var answer = RawHttp.send(port, head + key + key + "\n", body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(json(customer.get("/orders")).get("items")).isEmpty();
    assertThat(RawHttp.send(port, head + key + "\n", body).status()).isEqualTo(201);
  }

  @Test
  void theEndOfAListHoldsOnEveryPage() {
    String first = customer.placed("MUG-WHITE", 1);
    String second = customer.placed("MUG-WHITE", 1);
    String cursor = json(customer.get("/orders?limit=1")).get("nextCursor").asString();
    String created = customer.order(first).get("createdAt").asString();

    var page = json(customer.get("/orders?cursor=" + cursor + "&to=" + created));

    assertThat(second).isNotEqualTo(first);
    assertThat(page.get("items")).isEmpty();
  }

  /** A rebuild would empty Redis under the other tests. */
  @Test
  void everyOperationRespondsAsItsDocumentSays() throws IOException {
    OpenApiFuzz.run(port, TestOrders.admin(port).token(), 1, 40, Set.of("projection.rebuild"));
  }

  @Test
  void anotherContentTypeIsRefused() {
    byte[] body = TestOrders.body("MUG-WHITE", 1).getBytes(UTF_8);

    assertThat(place(body, "text/plain")).isEqualTo(415);
    assertThat(place(body, "application/x-www-form-urlencoded")).isEqualTo(415);
  }

  /** Random mutations, one or two per request, of a valid request, with fixed seeds. */
  @RepeatedTest(5)
  void everyErrorIsNamedAndNothingIsStored(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    int accepted = 0;
    for (int i = 0; i < REQUESTS; i++) {
      JsonNode request = Json.MAPPER.readTree(TestOrders.body("MUG-WHITE", 1));
      mutate(request, random);
      if (random.nextBoolean()) {
        mutate(request, random);
      }
      String body = Json.MAPPER.writeValueAsString(request);

      var answer = customer.place(UUID.randomUUID().toString(), body);

      if (answer.statusCode() == 201) {
        accepted++;
        continue;
      }
      assertThat(answer.statusCode()).as(body + answer.body()).isIn(400, 409, 422);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
      if (answer.statusCode() == 422) {
        assertThat(json(answer).get("errors")).as(body).isNotEmpty();
        assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isNotNull();
      }
    }
    assertThat(accepted).isLessThan(REQUESTS / 2);
    assertThat(json(customer.get("/orders?limit=100")).get("items")).hasSize(accepted);
  }

  private static void mutate(JsonNode node, Random random) {
    if (node instanceof ObjectNode object) {
      var names = List.copyOf(object.propertyNames());
      if (names.isEmpty() || random.nextInt(8) == 0) {
        object.set(List.of("price", "status", "customerId").get(random.nextInt(3)), value(random));
        return;
      }
      String name = names.get(random.nextInt(names.size()));
      if (object.get(name).isContainer() && random.nextInt(3) > 0) {
        mutate(object.get(name), random);
      } else if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, value(random));
      }
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      if (random.nextInt(4) == 0) {
        array.add(random.nextBoolean() ? array.get(0).deepCopy() : value(random));
      } else {
        mutate(array.get(0), random);
      }
    }
  }

  private static JsonNode value(Random random) {
    List<Supplier<Object>> values =
        List.of(
            () -> -1,
            () -> 0,
            () -> Long.MAX_VALUE,
            () -> new BigInteger("9".repeat(40)),
            () -> 1.5,
            () -> "",
            () -> " ",
            () -> "x".repeat(5000),
            () -> "\u0000\ud83d\ude00",
            () -> true,
            List::of,
            Map::of,
            () -> List.of(List.of(List.of(1))),
            () -> Map.of("amount", 1));
    int choice = random.nextInt(values.size() + 1);
    return choice == values.size()
        ? Json.MAPPER.nullNode()
        : Json.MAPPER.valueToTree(values.get(choice).get());
  }

  private int place(byte[] body, String contentType) {
    return customer.place(UUID.randomUUID().toString(), body, contentType);
  }
}
