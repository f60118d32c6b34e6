package shop.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The payment provider's own books, which nobody of the platform can write. */
public final class Ledger {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI sandbox;

  public Ledger(URI sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * A line of the books.
   *
   * @param kind {@code charge} or {@code refund}
   */
  public record Line(String at, String kind, String intent, String orderId, long amount) {}

  /** The books of the platform that the tests share. */
  static Ledger ofSharedPlatform() {
    return new Ledger(SharedPlatform.platform().sandboxUrl());
  }

  /** The amounts that were charged for an order. */
  public List<Long> charges(String orderId) {
    return amounts(orderId, "charge");
  }

  /** The amounts that were given back. */
  public List<Long> refunds(String orderId) {
    return amounts(orderId, "refund");
  }

  private List<Long> amounts(String orderId, String kind) {
    return read("order_id=" + orderId + "&").stream()
        .filter(line -> line.kind().equals(kind))
        .map(Line::amount)
        .toList();
  }

  /** Every line, oldest first. */
  public List<Line> all() {
    return read("");
  }

  private List<Line> read(String filter) {
    List<Line> lines = new ArrayList<>();
    @Nullable String cursor = "0";
    while (cursor != null) {
      var page = get("/sandbox/ledger?" + filter + "limit=1000&cursor=" + cursor);
      for (var line : page.get("items")) {
        lines.add(
            new Line(
                line.get("at").asString(),
                line.get("kind").asString(),
                line.get("payment_intent").asString(),
                line.path("order_id").asString(),
                line.get("amount").asLong()));
      }
      cursor = page.path("nextCursor").isString() ? page.get("nextCursor").asString() : null;
    }
    return lines;
  }

  private tools.jackson.databind.JsonNode get(String path) {
    try {
      var request = HttpRequest.newBuilder(sandbox.resolve(path)).build();
      return Customer.json(HTTP.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
