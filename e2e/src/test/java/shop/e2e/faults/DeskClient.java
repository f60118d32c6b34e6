package shop.e2e.faults;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.RequestResult;
import tools.jackson.databind.JsonNode;

/** Reads the dead-letter desk as an admin. */
final class DeskClient {

  private DeskClient() {}

  /** The groups and topics of the dead letters with this body, read from the log. */
  static List<String> deadLettersWith(FaultPlatform platform, String body) {
    return platform.log().read("dead-letters").stream()
        .filter(entry -> entry.body().equals(body))
        .map(entry -> entry.headers().get("dl_group") + " on " + entry.headers().get("dl_topic"))
        .sorted()
        .toList();
  }

  /** Waits for a service's dead letter about an order that has no decision yet. */
  static JsonNode awaitOpenEntry(FaultPlatform platform, String service, String orderId) {
    return await("a dead letter of %s about %s".formatted(service, orderId))
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> open(platform, service, orderId), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<JsonNode> open(FaultPlatform platform, String service, String orderId) {
    return all(platform, "state=FAILED&service=" + service).stream()
        .filter(entry -> entry.path("subject").asString().equals(orderId))
        .findFirst();
  }

  /**
   * All entries that match a query.
   *
   * @throws AssertionError if the desk does not respond
   */
  static List<JsonNode> all(FaultPlatform platform, String query) {
    List<JsonNode> all = new ArrayList<>();
    @Nullable String cursor = "";
    while (cursor != null) {
      var page = get(platform, "/admin/dlq?limit=200&" + query + cursor);
      page.get("items").forEach(all::add);
      String next = page.path("nextCursor").asString();
      cursor = next.isEmpty() ? null : "&cursor=" + next;
    }
    return all;
  }

  static JsonNode entry(FaultPlatform platform, String id) {
    return get(platform, "/admin/dlq/" + id);
  }

  private static JsonNode get(FaultPlatform platform, String path) {
    var response = platform.admin().get(path);
    if (response.result() != RequestResult.OK) {
      throw new AssertionError("The desk returned " + response);
    }
    return ApiClient.JSON.readTree(response.body());
  }
}
