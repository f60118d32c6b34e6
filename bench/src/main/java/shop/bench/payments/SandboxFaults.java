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

/** Client of the payment sandbox's fault API. */
final class SandboxFaults {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI faults;

  SandboxFaults(URI base) {
    faults = base.resolve("/sandbox/faults");
  }

  /**
   * Delays every call, and a share of the calls by an additional time.
   *
   * @param latency delay of every call in milliseconds; 0 for none
   * @param slow additional delay of {@code share} of the calls in milliseconds; 0 for none
   */
  void setLatency(int latency, int slow, double share) throws IOException, InterruptedException {
    List<Map<String, Object>> rules = new ArrayList<>();
    if (slow > 0) {
      rules.add(Map.of("kind", "latency", "latency", slow + "ms", "share", share));
    }
    if (latency > 0) {
      rules.add(Map.of("kind", "latency", "latency", latency + "ms"));
    }
    var plan = JSON.writeValueAsString(Map.of("seed", 1, "rules", rules));
    send(
        HttpRequest.newBuilder(faults)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(plan)));
  }

  /** The number of calls with the additional delay, which is the first rule. */
  long slowCalls() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(faults).GET()).at("/rules/0/fired").asLong();
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "The sandbox returned " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }
}
