package shop.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.bench.platform.Polling;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Places orders one at a time through the gateway, and measures how long it takes until each is
 * accepted and until {@code CONFIRMED} can be read. Arguments: orders to measure, orders to warm up
 * with. Environment: the variables of {@code .local/demo.env}.
 */
public final class Latency {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(2);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ORDER =
      """
      {"items":[{"sku":"GIFT-CARD-50","quantity":1}],"currency":"EUR","paymentMethod":"pm_card_visa",
       "shippingAddress":{"name":"Bench","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;
  private final String token;

  private Latency(Map<String, String> environment) throws IOException, InterruptedException {
    gateway = URI.create(required(environment, "GATEWAY_URL"));
    var login =
        Map.of(
            "email", required(environment, "DEMO_CUSTOMER"),
            "password", required(environment, "DEMO_PASSWORD"));
    token =
        json(send(request("/auth/login", null).POST(body(JSON.writeValueAsString(login)))))
            .get("access_token")
            .asString();
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int orders = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    var latency = new Latency(System.getenv());
    latency.run(warmUp);
    latency.run(orders).print();
  }

  private Latencies run(int orders) throws IOException, InterruptedException {
    var accepted = new ArrayList<Double>(orders);
    var confirmed = new ArrayList<Double>(orders);
    for (int i = 0; i < orders; i++) {
      long start = System.nanoTime();
      String id = place();
      accepted.add(millisSince(start));
      awaitConfirmed(id);
      confirmed.add(millisSince(start));
    }
    return new Latencies(accepted, confirmed);
  }

  private String place() throws IOException, InterruptedException {
    var response =
        send(
            request("/orders", token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(body(ORDER)));
    if (response.statusCode() != 201) {
      throw new IOException(
          "Placing the order returned " + response.statusCode() + " " + response.body());
    }
    return json(response).get("id").asString();
  }

  private void awaitConfirmed(String id) throws IOException, InterruptedException {
    Polling.await(
        TIMEOUT,
        POLL_INTERVAL,
        () -> status(id).equals("CONFIRMED"),
        () -> "Order " + id + " is still " + status(id) + " after " + TIMEOUT);
  }

  private String status(String id) throws IOException, InterruptedException {
    return json(send(request("/orders/" + id, token).GET())).path("status").asString();
  }

  private HttpRequest.Builder request(String path, @Nullable String bearer) {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path)).header("Content-Type", "application/json");
    return bearer == null ? request : request.header("Authorization", "Bearer " + bearer);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return BodyPublishers.ofString(text);
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          name + " is not set. Start the platform (./start --detach) and use ./measure latency");
    }
    return value;
  }

  private record Latencies(List<Double> accepted, List<Double> confirmed) {
    void print() {
      System.out.printf("%-32s %8s %8s %8s%n", "one order at a time, in ms", "p50", "p95", "p99");
      print("accepted (201)", accepted);
      print("CONFIRMED read", confirmed);
    }

    private static void print(String name, List<Double> millis) {
      var sorted = millis.stream().sorted().toList();
      System.out.printf(
          "%-32s %8.1f %8.1f %8.1f%n", name, at(sorted, 0.50), at(sorted, 0.95), at(sorted, 0.99));
    }

    private static double at(List<Double> sorted, double share) {
      return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
  }
}
