package shop.e2e.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import shop.e2e.ApiClient;
import shop.e2e.Ledger;
import tools.jackson.databind.JsonNode;

/** Client of the payment sandbox's fault and ledger APIs. */
final class SandboxClient {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI faults;
  private final long seed;
  private final Ledger ledger;
  private final List<String> rules = new ArrayList<>();

  SandboxClient(URI sandbox, long seed) {
    this.faults = sandbox.resolve("/sandbox/faults");
    this.seed = seed;
    this.ledger = new Ledger(sandbox);
  }

  Ledger ledger() {
    return ledger;
  }

  /** Adds a fault rule in the format of {@code PUT /sandbox/faults}. */
  synchronized void add(String rule) {
    rules.add(rule);
    put();
  }

  /**
   * Removes a fault rule and returns how many faults all rules have injected since the last change.
   */
  synchronized long remove(String removed) {
    long injected = 0;
    for (var rule : send(HttpRequest.newBuilder(faults).GET()).get("rules")) {
      injected += rule.get("fired").asLong();
    }
    rules.remove(removed);
    put();
    return injected;
  }

  synchronized void heal() {
    rules.clear();
    put();
  }

  private void put() {
    var plan = "{\"seed\":%d,\"rules\":[%s]}".formatted(seed, String.join(",", rules));
    send(
        HttpRequest.newBuilder(faults)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(plan)));
  }

  private static JsonNode send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError("The sandbox rejected a fault plan: " + response.body());
      }
      return ApiClient.json(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
