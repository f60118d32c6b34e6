package shop.order.web.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.springframework.boot.test.web.server.LocalServerPort;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;
import tools.jackson.databind.JsonNode;

/** Base of tests in which an admin changes a product of the test's own. */
@OrderServiceTest
abstract class CatalogTest {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  static final String PLATE = plate("Plate", 900);

  @LocalServerPort int port;
  final String sku = "PLATE-" + NUMBER.incrementAndGet();

  static String plate(String name, int cents) {
    return """
    {"name":"%s","description":"Flat","category":"Kitchen","prices":[{"amount":%d,"currency":"EUR"}]}\
    """
        .formatted(name, cents);
  }

  static String key() {
    return UUID.randomUUID().toString();
  }

  HttpResponse<String> put(String sku, String body, String... headers) {
    return TestOrders.admin(port).put("/products/" + sku, body, headers);
  }

  HttpResponse<String> stock(String key, long delta) {
    return adjust(sku, key, "{\"delta\":%d,\"reason\":\"count\"}".formatted(delta));
  }

  HttpResponse<String> adjust(String sku, String key, String body) {
    return TestOrders.admin(port).post("/products/" + sku + "/stock", body, "Idempotency-Key", key);
  }

  HttpResponse<String> show() {
    return new TestOrders(port).get("/products/" + sku);
  }

  JsonNode get() {
    return json(show());
  }

  static List<HttpResponse<String>> atOnce(int times, IntFunction<HttpResponse<String>> call) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, times)
              .mapToObj(number -> CompletableFuture.supplyAsync(() -> call.apply(number), threads))
              .toList();
      return calls.stream().map(CompletableFuture::join).toList();
    }
  }

  static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).get("type").asString()).isEqualTo("/problems/" + type);
  }
}
