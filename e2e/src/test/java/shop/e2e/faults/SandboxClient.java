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
import shop.e2e.Customer;
import shop.e2e.Ledger;
import tools.jackson.databind.JsonNode;

/** The payment sandbox: its faults and its books. */
final class Psp {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI faults;
  private final long seed;
  private final Ledger ledger;
  private final List<String> rules = new ArrayList<>();

  Psp(URI sandbox, long seed) {
    this.faults = sandbox.resolve("/sandbox/faults");
    this.seed = seed;
    this.ledger = new Ledger(sandbox);
  }

  Ledger ledger() {
    return ledger;
  }

  /** Switches one more fault on: a rule as {@code PUT /sandbox/faults} takes it. */
  synchronized void add(String rule) {
    rules.add(rule);
    put();
  }

  /** Switches a fault off and tells how many calls all faults have struck since the last change. */
  synchronized long remove(String rule) {
    long struck = 0;
    for (var seen : send(HttpRequest.newBuilder(faults).GET()).get("rules")) {
      struck += seen.get("fired").asLong();
    }
    rules.remove(rule);
    put();
    return struck;
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
        throw new AssertionError("The sandbox refused a fault: " + response.body());
      }
      return Customer.json(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
