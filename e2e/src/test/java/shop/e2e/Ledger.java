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

/** The payment provider's ledger, which no service of the platform can write. */
public final class Ledger {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI sandbox;

  public Ledger(URI sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * A transfer in the ledger.
   *
   * @param kind {@code charge} or {@code refund}
   */
  public record Transfer(String at, String kind, String intent, String orderId, long amount) {}

  /** The ledger of the platform that the tests share. */
  static Ledger ofSharedPlatform() {
    return new Ledger(SharedPlatform.platform().sandboxUrl());
  }

  /** The amounts that were charged for an order. */
  public List<Long> charges(String orderId) {
    return amounts(orderId, "charge");
  }

  /** The amounts that were refunded. */
  public List<Long> refunds(String orderId) {
    return amounts(orderId, "refund");
  }

  private List<Long> amounts(String orderId, String kind) {
    return read("order_id=" + orderId + "&").stream()
        .filter(transfer -> transfer.kind().equals(kind))
        .map(Transfer::amount)
        .toList();
  }

  /** All transfers, oldest first. */
  public List<Transfer> all() {
    return read("");
  }

  private List<Transfer> read(String filter) {
    List<Transfer> transfers = new ArrayList<>();
    @Nullable String cursor = "0";
    while (cursor != null) {
      var page = get("/sandbox/ledger?" + filter + "limit=1000&cursor=" + cursor);
      for (var transfer : page.get("items")) {
        transfers.add(
            new Transfer(
                transfer.get("at").asString(),
                transfer.get("kind").asString(),
                transfer.get("payment_intent").asString(),
                transfer.path("order_id").asString(),
                transfer.get("amount").asLong()));
      }
      cursor = page.path("nextCursor").isString() ? page.get("nextCursor").asString() : null;
    }
    return transfers;
  }

  private tools.jackson.databind.JsonNode get(String path) {
    try {
      var request = HttpRequest.newBuilder(sandbox.resolve(path)).build();
      return ApiClient.json(HTTP.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
