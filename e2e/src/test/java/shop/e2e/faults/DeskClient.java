package shop.e2e.faults;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.e2e.Customer;
import shop.e2e.faults.ClientHistory.Result;
import tools.jackson.databind.JsonNode;

/** The dead-letter desk, as an admin sees it. */
final class Desk {

  private Desk() {}

  /** Which groups gave up on these very bytes, as the log tells it. */
  static List<String> deadLettersWith(FaultPlatform stage, String body) {
    return stage.log().read("dead-letters").stream()
        .filter(entry -> entry.body().equals(body))
        .map(entry -> entry.headers().get("dl_group") + " on " + entry.headers().get("dl_topic"))
        .sorted()
        .toList();
  }

  /** Waits for an entry about an order's message of a service, on which nobody has decided yet. */
  static JsonNode awaitOpen(FaultPlatform stage, String service, String orderId) {
    return await("a dead letter of %s about %s".formatted(service, orderId))
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> open(stage, service, orderId), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<JsonNode> open(FaultPlatform stage, String service, String orderId) {
    return all(stage, "state=FAILED&service=" + service).stream()
        .filter(entry -> entry.path("subject").asString().equals(orderId))
        .findFirst();
  }

  /**
   * Every entry that fits a query.
   *
   * @throws AssertionError if the desk does not answer
   */
  static List<JsonNode> all(FaultPlatform stage, String query) {
    List<JsonNode> all = new ArrayList<>();
    @Nullable String cursor = "";
    while (cursor != null) {
      var page = get(stage, "/admin/dlq?limit=200&" + query + cursor);
      page.get("items").forEach(all::add);
      String next = page.path("nextCursor").asString();
      cursor = next.isEmpty() ? null : "&cursor=" + next;
    }
    return all;
  }

  static JsonNode entry(FaultPlatform stage, String id) {
    return get(stage, "/admin/dlq/" + id);
  }

  private static JsonNode get(FaultPlatform stage, String path) {
    var answer = stage.admin().get(path);
    if (answer.result() != Result.OK) {
      throw new AssertionError("The desk answers " + answer);
    }
    return Customer.JSON.readTree(answer.body());
  }
}
