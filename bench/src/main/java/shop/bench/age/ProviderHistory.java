package shop.bench.age;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Appends facts to the ledger of the payment sandbox, many in a request. */
final class ProviderHistory implements AutoCloseable {

  /** The sandbox reads bodies of at most 64 KiB; the facts of a step take less than 2. */
  private static final int BODY = 60 << 10;

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI facts;
  private final StringBuilder body = new StringBuilder();

  ProviderHistory(URI sandbox) {
    facts = sandbox.resolve("/sandbox/ledger/facts");
  }

  /** Appends facts, which stay in one request. */
  void append(List<Map<String, Object>> more) {
    if (more.isEmpty()) {
      return;
    }
    var text = JSON.writeValueAsString(more);
    var items = text.substring(1, text.length() - 1);
    if (body.length() + items.length() > BODY) {
      flush();
    }
    body.append(body.isEmpty() ? "" : ",").append(items);
  }

  /** Sends what is waiting. */
  void flush() {
    if (body.isEmpty()) {
      return;
    }
    var request =
        HttpRequest.newBuilder(facts)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("[" + body + "]"))
            .build();
    body.setLength(0);
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 204) {
        throw new IOException("The sandbox refuses facts: " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
