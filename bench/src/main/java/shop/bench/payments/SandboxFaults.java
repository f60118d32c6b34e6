package shop.bench.payments;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The payment provider's console: which faults are on, and how often they struck. */
final class Sandbox {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI faults;

  Sandbox(URI base) {
    faults = base.resolve("/sandbox/faults");
  }

  /**
   * Every call is so late, and some are late by so much more.
   *
   * @param latency in milliseconds; 0 for none
   * @param slow what befalls {@code share} of the calls, in milliseconds; 0 for none
   */
  void late(int latency, int slow, double share) throws IOException, InterruptedException {
    List<Map<String, Object>> rules = new ArrayList<>();
    if (slow > 0) {
      rules.add(Map.of("kind", "latency", "latency", slow + "ms", "share", share));
    }
    if (latency > 0) {
      rules.add(Map.of("kind", "latency", "latency", latency + "ms"));
    }
    var plan = JSON.writeValueAsString(Map.of("seed", 1, "rules", rules));
    answer(
        HttpRequest.newBuilder(faults)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(plan)));
  }

  /** How many calls the first rule struck. */
  long struck() throws IOException, InterruptedException {
    return answer(HttpRequest.newBuilder(faults).GET()).at("/rules/0/fired").asLong();
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("The sandbox answered " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }
}
